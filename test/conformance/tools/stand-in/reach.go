package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Refused packets are dropped: whoever has not taken a connection by then does not.
const patience = 3 * time.Second

type reached struct {
	Target  string `json:"target"`
	Reached bool   `json:"reached"`
	// Who answered, where that was asked over HTTP; else why nobody did.
	Says string `json:"says"`
}

// reachAll tries all targets at once; without any, those that the environment names as a service's URL.
func reachAll(targets []string) []reached {
	if len(targets) == 0 {
		targets = ownTargets()
	}
	all := make([]reached, len(targets))
	var group sync.WaitGroup
	for i, target := range targets {
		group.Add(1)
		go func() {
			defer group.Done()
			all[i] = reach(target)
		}()
	}
	group.Wait()
	return all
}

var (
	lookups sync.Map
	dialer  net.Dialer
)

// dial asks for each name once, however many targets have it.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	lookup, _ := lookups.LoadOrStore(host, sync.OnceValues(func() (string, error) { return resolve(host) }))
	found, err := lookup.(func() (string, error))()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return dialer.DialContext(ctx, network, net.JoinHostPort(found, port))
}

func resolve(host string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupIP(ctx, "ip4", host)
	if err != nil {
		return "", err
	}
	return addresses[0].String(), nil
}

func ownTargets() []string {
	var targets []string
	for _, variable := range os.Environ() {
		if name, value, _ := strings.Cut(variable, "="); strings.HasSuffix(name, "_SERVICE_URL") {
			targets = append(targets, value)
		}
	}
	return targets
}

// reach asks http://HOST:PORT for its name, or only connects to tcp://HOST:PORT.
func reach(target string) reached {
	where, err := url.Parse(target)
	if err != nil {
		return reached{target, false, err.Error()}
	}
	// Time for the name, the connection and the answer.
	ctx, cancel := context.WithTimeout(context.Background(), 4*patience)
	defer cancel()
	if where.Scheme == "tcp" {
		connection, err := dial(ctx, "tcp", where.Host)
		if err != nil {
			return reached{target, false, err.Error()}
		}
		connection.Close()
		return reached{target, true, ""}
	}
	name, err := ask(ctx, target)
	if err != nil {
		return reached{target, false, err.Error()}
	}
	return reached{target, true, name}
}

// A connection of its own for each request, so that each one is routed anew.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: dial}}

func ask(ctx context.Context, target string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target+"/health", nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1024))
	return strings.TrimSpace(string(body)), err
}

type flowed struct {
	Requests int `json:"requests"`
	Lost     int `json:"lost"`
	// Of the first one that was lost.
	Why string `json:"why"`
}

// flow asks one target again and again, for some seconds and no more than a hundred times a second.
func flow(target, seconds string) flowed {
	var sum flowed
	duration, _ := strconv.Atoi(seconds)
	for end := time.Now().Add(time.Duration(duration) * time.Second); time.Now().Before(end); {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		_, err := ask(ctx, target)
		cancel()
		sum.Requests++
		if err != nil {
			sum.Lost++
			if sum.Why == "" {
				sum.Why = err.Error()
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	return sum
}
