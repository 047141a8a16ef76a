import { DestinationRuleSpecTrafficPolicy } from '../../imports/networking.istio.io';

/**
 * How clients' sidecars treat the pods of a server. Nothing is said of TLS: a sidecar finds out by itself that the pods
 * have one, and takes mutual TLS.
 */
export const TRAFFIC_POLICY: DestinationRuleSpecTrafficPolicy = {
  connectionPool: {
    tcp: {
      maxConnections: 1024,
      connectTimeout: '5s',
      tcpKeepalive: { time: '300s', interval: '60s', probes: 3 },
    },
    http: {
      http1MaxPendingRequests: 1024,
      http2MaxRequests: 1024,
      // Shorter than any server keeps an idle connection, so that it is never closed under a request.
      idleTimeout: '30s',
    },
  },
  outlierDetection: {
    // Pods that do not answer are left alone for a while. A 500 is an answer: of the code, not of the pod.
    consecutive5XxErrors: 0,
    consecutiveGatewayErrors: 5,
    interval: '10s',
    baseEjectionTime: '30s',
    maxEjectionPercent: 50,
    // Where most are gone, trying all of them is better than trying none.
    minHealthPercent: 50,
  },
};
