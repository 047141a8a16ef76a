import { ChildProcess } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { Manifest, nameOf } from '../manifest';
import { ApiClient } from './api-client';
import { Cluster } from './cluster';
import { Failure } from './failure';
import { pause } from './poll';
import { runCommand } from './run-command';
import { toolDirectory } from './tools';
import { freePort, Workspace } from './workspace';

const TOKEN = 'conformance';

/** How long an API server may take to be ready; a slow machine may need more. */
const START_SECONDS = Number(process.env.CONFORMANCE_START_SECONDS ?? 120);

/** A real etcd and kube-apiserver on the loopback address, with the controllers that a check asks for. */
export class ControlPlane extends Cluster {
  /** Starts an empty one of a Kubernetes version, as `1.37`. */
  public static async start(workspace: Workspace, version: string, port = freePort): Promise<ControlPlane> {
    const etcd = await toolDirectory('etcd');
    const kubernetes = await toolDirectory(`kubernetes-${version}`);
    const plane = new ControlPlane(workspace, version, kubernetes, port);
    try {
      await plane.startEtcd(path.join(etcd, 'etcd'));
      await plane.startApiServer();
    } catch (error) {
      await plane.stop();
      throw error;
    }
    return plane;
  }

  private static count = 0;

  private readonly name: string;
  private readonly processes = new Map<string, ChildProcess>();
  private etcdPort = 0;
  private apiPort = 0;
  private client?: ApiClient;

  private constructor(
    workspace: Workspace,
    public readonly version: string,
    binaries: string,
    private readonly port: () => Promise<number>,
  ) {
    super(workspace, binaries);
    this.name = `kubernetes-${version}-${ControlPlane.count++}`;
  }

  /** Starts the controllers: what makes pods of deployments and keeps quotas. */
  public async startControllerManager(): Promise<void> {
    this.start('kube-controller-manager', [
      `--kubeconfig=${this.kubeconfig}`,
      `--service-account-private-key-file=${this.path('service-account.key')}`,
      '--use-service-account-credentials=false',
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      `--secure-port=${await this.port()}`,
      `--cert-dir=${this.path('controller-manager')}`,
    ]);
  }

  /** Starts the scheduler. */
  public async startScheduler(): Promise<void> {
    this.start('kube-scheduler', [
      `--kubeconfig=${this.kubeconfig}`,
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      `--secure-port=${await this.port()}`,
      `--cert-dir=${this.path('scheduler')}`,
    ]);
  }

  /** Ends its processes and deletes its data, which nobody needs any more: at once. */
  public async stop(): Promise<void> {
    this.client?.close();
    await Promise.all([...this.processes.values()].map((child) => this.workspace.kill(child)));
    fs.rmSync(this.path(), { recursive: true, force: true });
  }

  /** Asked directly: what waits asks often, and a process for each question takes more than the answer. */
  public override async list(kind: string, fieldSelector?: string): Promise<Manifest[]> {
    return (await this.client?.list(kind, fieldSelector)) ?? super.list(kind, fieldSelector);
  }

  /** As they stand, those of some manifests that are there. */
  public override async standing(manifests: readonly Manifest[]): Promise<Manifest[]> {
    const { client } = this;
    if (!client) {
      return super.standing(manifests);
    }
    const names = new Set(manifests.map(nameOf));
    const kinds = new Map(manifests.map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }]));
    const lists = await Promise.all([...kinds.values()].map((m) => client.listKind(m.apiVersion, m.kind)));
    return lists.flat().filter((object) => names.has(nameOf(object)));
  }

  /** The file that tells kubectl and controllers how to reach it. */
  public get kubeconfig(): string {
    return this.path('kubeconfig');
  }

  private get server(): string {
    return `https://127.0.0.1:${this.apiPort}`;
  }

  private path(file = ''): string {
    return path.join(this.workspace.directory, this.name, file);
  }

  private start(program: string, args: readonly string[], binary = path.join(this.binaries, program)): ChildProcess {
    const child = this.workspace.start(`${this.name}-${program}`, binary, args);
    this.processes.set(program, child);
    return child;
  }

  private async startEtcd(binary: string): Promise<void> {
    this.etcdPort = await this.port();
    const client = `http://127.0.0.1:${this.etcdPort}`;
    const peer = `http://127.0.0.1:${await this.port()}`;
    this.start(
      'etcd',
      [
        `--data-dir=${this.path('etcd')}`,
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
        '--unsafe-no-fsync',
        '--log-level=warn',
      ],
      binary,
    );
  }

  private async startApiServer(): Promise<void> {
    this.apiPort = await this.port();
    this.workspace.file(`${this.name}/tokens.csv`, `${TOKEN},conformance,conformance,system:masters\n`);
    await this.createServiceAccountKey();
    this.workspace.file(`${this.name}/kubeconfig`, this.renderKubeconfig());
    this.start('kube-apiserver', [
      `--etcd-servers=http://127.0.0.1:${this.etcdPort}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      '--endpoint-reconciler-type=none',
      `--secure-port=${this.apiPort}`,
      `--cert-dir=${this.path('apiserver')}`,
      `--token-auth-file=${this.path('tokens.csv')}`,
      '--authorization-mode=RBAC',
      '--service-cluster-ip-range=10.96.0.0/16',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${this.path('service-account.key')}`,
      `--service-account-signing-key-file=${this.path('service-account.key')}`,
    ]);
    this.client = new ApiClient(this.server, TOKEN);
    await this.waitUntilReady();
  }

  private async createServiceAccountKey(): Promise<void> {
    const key = this.path('service-account.key');
    const { code, stderr } = await runCommand('openssl', ['genrsa', '-out', key, '2048']);
    if (code !== 0) {
      throw new Failure(`openssl cannot make a key: ${stderr.trim()}`);
    }
  }

  private async waitUntilReady(): Promise<void> {
    const deadline = Date.now() + START_SECONDS * 1000;
    while (Date.now() < deadline) {
      for (const [program, child] of this.processes) {
        if (!this.workspace.isRunning(child)) {
          throw new Failure(`${program} ended: ${this.lastWords(program)}`);
        }
      }
      if (await this.client?.isReady()) {
        return;
      }
      await pause(100);
    }
    throw new Failure(`the API server is not ready after ${START_SECONDS} s: ${this.lastWords('kube-apiserver')}`);
  }

  private lastWords(program: string): string {
    return this.workspace.logTail(`${this.name}-${program}`, 1) || 'it says nothing';
  }

  private renderKubeconfig(): string {
    const cluster = { server: this.server, 'insecure-skip-tls-verify': true };
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'conformance', cluster }],
      users: [{ name: 'conformance', user: { token: TOKEN } }],
      contexts: [{ name: 'conformance', context: { cluster: 'conformance', user: 'conformance' } }],
      'current-context': 'conformance',
    });
  }
}
