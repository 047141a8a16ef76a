// Package ext stands for a module that Traefik keeps inside its own and that is therefore not published: places for
// extensions, of which its free edition has none.
package ext

// HTTP adds nothing to a dynamic configuration.
type HTTP struct{}

// Router adds nothing to a router.
type Router struct{}
