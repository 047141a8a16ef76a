module cdk8s-wms-platform/conformance/stand-in

go 1.26.0

tool (
	cdk8s-wms-platform/conformance/stand-in
	cdk8s-wms-platform/conformance/stand-in/pause
)
