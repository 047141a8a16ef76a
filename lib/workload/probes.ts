import { k8s } from 'cdk8s-plus-27';

/** When a probe asks, and when it believes what it hears. */
export type ProbeTiming = Pick<k8s.Probe, 'periodSeconds' | 'timeoutSeconds' | 'failureThreshold'>;

/** Asks whether a port is listened on. */
export function tcpProbe(port: string, timing: ProbeTiming): k8s.Probe {
  return { tcpSocket: { port: k8s.IntOrString.fromString(port) }, ...timing };
}

/** Asks for a page. */
export function httpProbe(port: string, path: string, timing: ProbeTiming): k8s.Probe {
  return { httpGet: { path, port: k8s.IntOrString.fromString(port) }, ...timing };
}

/** Runs a program in the container. */
export function execProbe(command: string[], timing: ProbeTiming): k8s.Probe {
  return { exec: { command }, ...timing };
}
