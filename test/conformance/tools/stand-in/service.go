package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// What every service cannot do without.
var needed = []string{"SERVICE_NAME", "ENVIRONMENT", "LOG_LEVEL", "OTEL_EXPORTER_OTLP_ENDPOINT"}

func checkEnvironment(names ...string) error {
	for _, name := range names {
		if os.Getenv(name) == "" {
			return fmt.Errorf("%s is not set", name)
		}
	}
	return nil
}

// runService answers as one of the ten services does.
func runService() error {
	address, others := os.Getenv("SERVER_ADDR"), []string{"MONGODB_URI", "MONGODB_DATABASE", "KAFKA_BROKERS"}
	if port := os.Getenv("HEALTH_PORT"); port != "" {
		address, others = ":"+port, []string{"TEMPORAL_HOST", "TEMPORAL_NAMESPACE"}
	}
	if err := checkEnvironment(append(needed, others...)...); err != nil {
		return err
	}
	if address == "" {
		return errors.New("neither SERVER_ADDR nor HEALTH_PORT is set")
	}
	return answer(os.Getenv("SERVICE_NAME"), []string{address})
}

// runWorker waits for work, as a worker without a queue does.
func runWorker() error {
	if err := checkEnvironment("MONGODB_URI", "MONGODB_DATABASE", "TEMPORAL_HOST", "TEMPORAL_NAMESPACE"); err != nil {
		return err
	}
	<-ending()
	return nil
}

// serve answers on ports under a name.
func serve(name string, ports []string) error {
	addresses := make([]string, len(ports))
	for i, port := range ports {
		addresses[i] = ":" + port
	}
	return answer(name, addresses)
}

func answer(name string, addresses []string) error {
	mux := http.NewServeMux()
	say := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, text) }
	}
	mux.HandleFunc("GET /health", say(name))
	mux.HandleFunc("GET /ready", say(name))
	mux.HandleFunc("GET /metrics", say("wms_up{service=\""+strings.ReplaceAll(name, "\"", "")+"\"} 1"))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, len(addresses))
	for _, address := range addresses {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			return err
		}
		go func() { failed <- server.Serve(listener) }()
	}
	select {
	case err := <-failed:
		return err
	case <-ending():
		soon, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		return server.Shutdown(soon)
	}
}

func ending() <-chan os.Signal {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	return signals
}
