//go:build tools

// Package kubo pins the IPFS node that Consentry builds and runs; nothing here is compiled into it.
package kubo

import _ "github.com/ipfs/kubo/cmd/ipfs"
