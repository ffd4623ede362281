//go:build tools

// Package ipfscluster pins what keeps content on several IPFS nodes; build.sh compiles its service.
package ipfscluster

import _ "github.com/ipfs-cluster/ipfs-cluster/cmd/ipfs-cluster-service"
