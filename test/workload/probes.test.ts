import { execProbe, httpProbe, tcpProbe } from '../../lib/workload/probes';

const TIMING = { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 };

describe('probes', () => {
  it('ask a port by its name', () => {
    expect(tcpProbe('http', TIMING)).toEqual({ tcpSocket: { port: { value: 'http' } }, ...TIMING });
  });

  it('ask for a page by the name of its port', () => {
    expect(httpProbe('http', '/ready', TIMING)).toEqual({
      httpGet: { path: '/ready', port: { value: 'http' } },
      ...TIMING,
    });
  });

  it('run a program in the container', () => {
    expect(execProbe(['true'], TIMING)).toEqual({ exec: { command: ['true'] }, ...TIMING });
  });
});
