// Does with telemetry what a service does, and what Grafana does:
//
//	telemetry serve NAME TRACE PORT  a page of metrics, and /send, which sends two spans and a log record to
//	                                 $OTEL_EXPORTER_OTLP_ENDPOINT and writes a line of JSON to the output, all called NAME and
//	                                 of one trace
//	telemetry ask URL                prints what a store answers
//	telemetry wait                   does nothing until it is ended
package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

var span = pcommon.SpanID{1, 2, 3, 4, 5, 6, 7, 8}

func main() {
	var err error
	switch args := os.Args[1:]; {
	case len(args) == 4 && args[0] == "serve":
		err = serve(args[1], args[2], args[3])
	case len(args) == 2 && args[0] == "ask":
		err = ask(args[1])
	case len(args) == 1 && args[0] == "wait":
		ended := make(chan os.Signal, 1)
		signal.Notify(ended, syscall.SIGTERM)
		<-ended
	default:
		err = fmt.Errorf("telemetry: unknown arguments %q", args)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func send(endpoint, name, id string) error {
	var trace pcommon.TraceID
	if _, err := hex.Decode(trace[:], []byte(id)); err != nil {
		return err
	}
	connection, err := grpc.NewClient(endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	traces, logs, now := ptrace.NewTraces(), plog.NewLogs(), pcommon.NewTimestampFromTime(time.Now())
	// It calls somebody, who answers.
	for index, service := range []string{"order-service", "inventory-service"} {
		spans := traces.ResourceSpans().AppendEmpty()
		spans.Resource().Attributes().PutStr("service.name", service)
		made := spans.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
		made.SetName(name)
		made.SetTraceID(trace)
		made.SetStartTimestamp(now - 1_000_000)
		made.SetEndTimestamp(now)
		if index == 0 {
			made.SetKind(ptrace.SpanKindClient)
			made.SetSpanID(span)
		} else {
			made.SetKind(ptrace.SpanKindServer)
			made.SetParentSpanID(span)
			made.SetSpanID(pcommon.SpanID{8, 7, 6, 5, 4, 3, 2, 1})
		}
	}
	if _, err = ptraceotlp.NewGRPCClient(connection).Export(
		ctx, ptraceotlp.NewExportRequestFromTraces(traces), grpc.WaitForReady(true),
	); err != nil {
		return err
	}
	records := logs.ResourceLogs().AppendEmpty()
	records.Resource().Attributes().PutStr("service.name", "order-service")
	record := records.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.Body().SetStr(name + " by OTLP")
	record.SetTimestamp(now)
	record.SetTraceID(trace)
	if _, err = plogotlp.NewGRPCClient(connection).Export(ctx, plogotlp.NewExportRequestFromLogs(logs)); err != nil {
		return err
	}
	fmt.Printf("{\"level\":\"WARN\",\"msg\":\"%s by output\",\"traceId\":%q,\"spanId\":%q}\n", name, id, span)
	return nil
}

func serve(name, trace, port string) error {
	http.HandleFunc("/metrics", func(answer http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(answer, "# TYPE conformance_sent_total counter\nconformance_sent_total{name=%q} 3\n", name)
	})
	http.HandleFunc("/send", func(answer http.ResponseWriter, _ *http.Request) {
		if err := send(os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"), name, trace); err != nil {
			http.Error(answer, err.Error(), http.StatusBadGateway)
		}
	})
	return http.ListenAndServe(":"+port, nil)
}

func ask(url string) error {
	client := http.Client{Timeout: 20 * time.Second}
	answer, err := client.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", answer.Status, body)
	}
	if err == nil {
		_, err = os.Stdout.Write(body)
	}
	return err
}
