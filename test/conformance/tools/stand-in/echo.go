package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// echo answers with the request as it has arrived, and with the status that the request asks for.
func echo(port string) error {
	handler := func(w http.ResponseWriter, r *http.Request) {
		status, err := strconv.Atoi(r.Header.Get("X-Answer"))
		if err != nil || status < 200 || status > 599 {
			status = http.StatusOK
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"method": r.Method, "url": r.URL.String(), "host": r.Host, "headers": r.Header,
		})
	}
	server := &http.Server{Addr: ":" + port, Handler: http.HandlerFunc(handler), ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-ending():
		soon, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return server.Shutdown(soon)
	}
}
