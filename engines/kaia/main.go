// A validator of a Kaia chain (Istanbul BFT) on addresses that its operator names.
//
// It is kcn of kaiachain/kaia with what that one does not let be chosen: the host on which it listens to the other
// validators (kcn listens on all interfaces), and how long a round waits for a proposer that may be dead (kcn: ten seconds,
// of which every block of that validator's turn costs one).
package main

import (
	"fmt"
	"os"
	"sync/atomic"

	"github.com/kaiachain/kaia/cmd/utils"
	"github.com/kaiachain/kaia/cmd/utils/nodecmd"
	"github.com/kaiachain/kaia/consensus/istanbul"
	"github.com/kaiachain/kaia/datasync/chaindatafetcher"
	"github.com/kaiachain/kaia/datasync/dbsyncer"
	"github.com/kaiachain/kaia/node"
	"github.com/kaiachain/kaia/node/cn"
	"github.com/kaiachain/kaia/node/sc"
	"github.com/urfave/cli/v2"
)

var (
	listenHost = &cli.StringFlag{
		Name: "listenhost", Value: "127.0.0.1", Usage: "address on which other validators are heard",
	}
	roundTimeout = &cli.Uint64Flag{
		Name: "roundtimeout", Value: 2000, Usage: "milliseconds that a round waits for its proposer",
	}
)

func main() {
	utils.NodeTypeFlag.Value = "cn"
	app := utils.NewApp("", "a validator of a Kaia chain")
	app.Commands = []*cli.Command{nodecmd.InitCommand}
	app.Flags = append(utils.KcnAppFlags(), listenHost, roundTimeout)
	app.Before = nodecmd.BeforeRunNode
	app.Action = run
	if err := app.Run(os.Args); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run starts the node, lets it validate, and waits until it is told to end.
func run(ctx *cli.Context) error {
	atomic.StoreUint64(&istanbul.DefaultConfig.Timeout, ctx.Uint64(roundTimeout.Name))
	cfg := utils.KaiaConfig{
		CN:               *cn.GetDefaultConfig(),
		Node:             utils.DefaultNodeConfig(),
		DB:               *dbsyncer.DefaultDBConfig(),
		ChainDataFetcher: *chaindatafetcher.DefaultChainDataFetcherConfig(),
		ServiceChain:     *sc.DefaultServiceChainConfig(),
	}
	cfg.SetNodeConfig(ctx)
	host := ctx.String(listenHost.Name)
	cfg.Node.P2P.ListenAddr = fmt.Sprintf("%s:%d", host, ctx.Int(utils.ListenPortFlag.Name))
	cfg.Node.P2P.SubListenAddr = nil
	cfg.Node.P2P.EnableMultiChannelServer = false
	stack, err := node.New(&cfg.Node)
	if err != nil {
		return err
	}
	cfg.SetKaiaConfig(ctx, stack)
	utils.RegisterCNService(stack, &cfg.CN)
	utils.StartNode(stack)
	var validator *cn.CN
	if err := stack.Service(&validator); err != nil {
		return err
	}
	if err := validator.StartMining(false); err != nil {
		return err
	}
	stack.Wait()
	return nil
}
