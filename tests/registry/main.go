// A registry for tests: the distribution project's, as it is shipped, with certificates, users and tokens of its own.
//
//	testregistry keys DIR            certificates of an authority made for it, and a file of users
//	testregistry tokens ADDRESS DIR  the office that gives tokens to the same users
//	testregistry serve CONFIG        the registry
package main

import (
	"fmt"
	"os"

	"github.com/distribution/distribution/v3/registry"
	_ "github.com/distribution/distribution/v3/registry/auth/htpasswd"
	_ "github.com/distribution/distribution/v3/registry/auth/token"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
)

func main() {
	var err error
	switch {
	case len(os.Args) == 3 && os.Args[1] == "keys":
		err = writeKeys(os.Args[2])
	case len(os.Args) == 4 && os.Args[1] == "tokens":
		err = serveTokens(os.Args[2], os.Args[3])
	default:
		err = registry.RootCmd.Execute()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
