// Stand-in runs in place of a server whose image cannot be had. It reads the environment that the real one reads and
// answers where the real one answers; what it is asked from inside its pod (reach, look, flow, keep) it reports as JSON, but
// for a page, which it prints.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

func main() {
	// The image has no other programs: a hook's `sleep` is this one too.
	if filepath.Base(os.Args[0]) == "sleep" {
		sleep(os.Args[1:])
		return
	}
	command := filepath.Base(os.Args[0])
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	var err error
	switch command {
	case "api":
		err = runService()
	case "worker":
		err = runWorker()
	case "serve":
		err = serve(os.Args[2], os.Args[3:])
	case "echo":
		err = echo(os.Args[2])
	case "reach":
		err = report(reachAll(os.Args[2:]))
	case "page":
		err = page(os.Args[2])
	case "look":
		err = report(look())
	case "keep":
		err = keep(os.Args[2], os.Args[3])
	case "flow":
		err = report(flow(os.Args[2], os.Args[3]))
	default:
		err = fmt.Errorf("no command called %s", command)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func report(what any) error {
	return json.NewEncoder(os.Stdout).Encode(what)
}

func sleep(args []string) {
	if len(args) != 1 {
		os.Exit(2)
	}
	duration, err := time.ParseDuration(args[0] + "s")
	if err != nil {
		os.Exit(2)
	}
	time.Sleep(duration)
}
