// istio-analyzer runs all of Istio's analyzers on manifests, and writes what they say as JSON.
//
// Unlike `istioctl analyze`, which takes pods from a running cluster alone, it takes them from its files too.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"istio.io/istio/pkg/config/analysis/analyzers"
	"istio.io/istio/pkg/config/analysis/local"
	"istio.io/istio/pkg/log"
)

type finding struct {
	Code     string `json:"code"`
	Level    string `json:"level"`
	Resource string `json:"resource"`
	Message  string `json:"message"`
}

type report struct {
	Analyzers []string  `json:"analyzers"`
	Skipped   []string  `json:"skipped"`
	Findings  []finding `json:"findings"`
}

// istio-analyzer MESH-CONFIG FILE...
func main() {
	if len(os.Args) < 3 {
		fail(fmt.Errorf("usage: istio-analyzer MESH-CONFIG FILE..."))
	}
	options := log.DefaultOptions()
	options.OutputPaths = []string{"stderr"}
	if err := log.Configure(options); err != nil {
		fail(err)
	}
	result, err := analyze(os.Args[1], os.Args[2:])
	if err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		fail(err)
	}
}

func analyze(meshConfig string, files []string) (report, error) {
	analyzer := local.NewIstiodAnalyzer(analyzers.AllCombined(), "", "istio-system", nil)
	if err := analyzer.AddFileKubeMeshConfig(meshConfig); err != nil {
		return report{}, err
	}
	var sources []local.ReaderSource
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			return report{}, err
		}
		defer file.Close()
		sources = append(sources, local.ReaderSource{Name: name, Reader: file})
	}
	// What the library calls a source for tests is one in which pods count.
	if err := analyzer.AddTestReaderKubeSource(sources); err != nil {
		return report{}, err
	}
	cancel := make(chan struct{})
	defer close(cancel)
	result, err := analyzer.Analyze(cancel)
	if err != nil {
		return report{}, err
	}
	findings := []finding{}
	for _, message := range result.Messages {
		resource := ""
		if message.Resource != nil {
			resource = message.Resource.Origin.FriendlyName()
		}
		findings = append(findings, finding{
			Code:     message.Type.Code(),
			Level:    message.Type.Level().String(),
			Resource: resource,
			Message:  fmt.Sprintf(message.Type.Template(), message.Parameters...),
		})
	}
	return report{Analyzers: result.ExecutedAnalyzers, Skipped: result.SkippedAnalyzers, Findings: findings}, nil
}

func fail(err error) {
	fmt.Fprintf(os.Stderr, "istio-analyzer: %v\n", err)
	os.Exit(1)
}
