// workflow run COUNT STEPS: starts COUNT workflows of STEPS steps of a second each, works on them, and tells how many
// have completed.
//
// workflow beat SECONDS: runs the shortest workflow again and again, and tells how long the longest pause between two
// completions was.
//
// Both connect as the platform's services do: to TEMPORAL_HOST, in TEMPORAL_NAMESPACE. They print one line of JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

const taskQueue = "conformance"

func double(_ context.Context, n int) (int, error) {
	return 2 * n, nil
}

// steps runs an activity and waits a second, some times over.
func steps(ctx workflow.Context, count int) (int, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	sum := 0
	for i := range count {
		var n int
		if err := workflow.ExecuteActivity(ctx, double, i).Get(ctx, &n); err != nil {
			return 0, err
		}
		sum += n
		if err := workflow.Sleep(ctx, time.Second); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

func run(c client.Client, count, size int) any {
	began := time.Now()
	var runs []client.WorkflowRun
	for i := range count {
		runs = append(runs, start(c, fmt.Sprintf("steps-%d-%d", began.Unix(), i), size))
	}
	fmt.Fprintln(os.Stderr, "started")
	completed := 0
	for _, r := range runs {
		if result(r) == size*(size-1) {
			completed++
		}
	}
	return map[string]any{"completed": completed, "seconds": time.Since(began).Seconds()}
}

func beat(c client.Client, seconds int) any {
	began := time.Now()
	last, longest := began, time.Duration(0)
	completed := 0
	for i := 0; time.Since(began) < time.Duration(seconds)*time.Second; i++ {
		result(start(c, fmt.Sprintf("beat-%d-%d", began.Unix(), i), 0))
		completed++
		longest = max(longest, time.Since(last))
		last = time.Now()
		if i == 0 {
			longest = 0
			fmt.Fprintln(os.Stderr, "started")
		}
	}
	return map[string]any{"completed": completed, "longestPause": longest.Seconds()}
}

// start starts a workflow, however often it takes.
func start(c client.Client, id string, size int) client.WorkflowRun {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		r, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: id, TaskQueue: taskQueue}, steps, size)
		cancel()
		if err == nil {
			return r
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// result waits for a workflow, however often it takes.
func result(r client.WorkflowRun) int {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		var n int
		err := r.Get(ctx, &n)
		cancel()
		if err == nil {
			return n
		}
		time.Sleep(200 * time.Millisecond)
	}
}

func dial() client.Client {
	quiet := log.NewStructuredLogger(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	options := client.Options{HostPort: os.Getenv("TEMPORAL_HOST"), Namespace: os.Getenv("TEMPORAL_NAMESPACE"), Logger: quiet}
	for {
		c, err := client.Dial(options)
		if err == nil {
			return c
		}
		fmt.Fprintln(os.Stderr, err)
		time.Sleep(time.Second)
	}
}

func main() {
	c := dial()
	w := worker.New(c, taskQueue, worker.Options{})
	w.RegisterWorkflow(steps)
	w.RegisterActivity(double)
	for err := w.Start(); err != nil; err = w.Start() {
		// A namespace that was registered just now is not known everywhere yet.
		fmt.Fprintln(os.Stderr, err)
		time.Sleep(time.Second)
	}
	number := func(i int) int {
		n, err := strconv.Atoi(os.Args[i])
		if err != nil {
			panic(err)
		}
		return n
	}
	var told any
	switch os.Args[1] {
	case "run":
		told = run(c, number(2), number(3))
	case "beat":
		told = beat(c, number(2))
	default:
		panic("run or beat")
	}
	json.NewEncoder(os.Stdout).Encode(told)
}
