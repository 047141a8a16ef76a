module cdk8s-wms-platform/conformance/core-rule-set

go 1.26.0

require github.com/corazawaf/coraza-coreruleset/v4 v4.25.0
