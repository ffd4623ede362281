//go:build tools

// Package geth pins the node that seals Clique; build.sh compiles its command.
package geth

import _ "github.com/ethereum/go-ethereum/cmd/geth"
