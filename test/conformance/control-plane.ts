import { ChildProcess } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { Manifest } from '../manifest';
import { Failure } from './failure';
import { CommandResult, runCommand } from './run-command';
import { toolDirectory } from './tools';
import { freePort, Workspace } from './workspace';

const TOKEN = 'conformance';

/** A real etcd and kube-apiserver on the loopback address, with the controllers that a check asks for. */
export class ControlPlane {
  /** Starts an empty one of a Kubernetes version, as `1.37`. */
  public static async start(workspace: Workspace, version: string): Promise<ControlPlane> {
    const etcd = await toolDirectory('etcd');
    const kubernetes = await toolDirectory(`kubernetes-${version}`);
    const plane = new ControlPlane(workspace, version, kubernetes);
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
  private readonly processes: ChildProcess[] = [];
  private etcdPort = 0;
  private apiPort = 0;

  private constructor(
    private readonly workspace: Workspace,
    public readonly version: string,
    private readonly binaries: string,
  ) {
    this.name = `kubernetes-${version}-${ControlPlane.count++}`;
  }

  /** Runs kubectl of the same version. */
  public kubectl(args: readonly string[], input?: string): Promise<CommandResult> {
    const options = { input, env: { KUBECONFIG: this.kubeconfig, KUBECACHEDIR: this.path('cache') } };
    return runCommand(path.join(this.binaries, 'kubectl'), args, options);
  }

  /** Runs kubectl where only success makes sense. */
  public async kubectlOk(args: readonly string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.kubectl(args, input);
    if (code !== 0) {
      throw new Failure(`kubectl ${args.join(' ')}: ${stderr.trim()}`);
    }
    return stdout;
  }

  /** All objects of a kind, of every namespace. */
  public async list(kind: string, ...args: string[]): Promise<Manifest[]> {
    const { items } = JSON.parse(await this.kubectlOk(['get', kind, '-A', '-o', 'json', ...args])) as {
      items: Manifest[];
    };
    return items;
  }

  /** Starts the controllers: what makes pods of deployments and keeps quotas. */
  public async startControllerManager(): Promise<void> {
    this.start('kube-controller-manager', [
      `--kubeconfig=${this.kubeconfig}`,
      `--service-account-private-key-file=${this.path('service-account.key')}`,
      '--use-service-account-credentials=false',
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      `--secure-port=${await freePort()}`,
      `--cert-dir=${this.path('controller-manager')}`,
    ]);
  }

  /** Starts the scheduler. */
  public async startScheduler(): Promise<void> {
    this.start('kube-scheduler', [
      `--kubeconfig=${this.kubeconfig}`,
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      `--secure-port=${await freePort()}`,
      `--cert-dir=${this.path('scheduler')}`,
    ]);
  }

  /** Ends its processes and deletes its data. */
  public async stop(): Promise<void> {
    for (const child of [...this.processes].reverse()) {
      await this.workspace.stop(child);
    }
    fs.rmSync(this.path(), { recursive: true, force: true });
  }

  /** The file that tells kubectl and controllers how to reach it. */
  public get kubeconfig(): string {
    return this.path('kubeconfig');
  }

  private path(file = ''): string {
    return path.join(this.workspace.directory, this.name, file);
  }

  private start(program: string, args: readonly string[], binary = path.join(this.binaries, program)): ChildProcess {
    const child = this.workspace.start(`${this.name}-${program}`, binary, args);
    this.processes.push(child);
    return child;
  }

  private async startEtcd(binary: string): Promise<void> {
    this.etcdPort = await freePort();
    const client = `http://127.0.0.1:${this.etcdPort}`;
    const peer = `http://127.0.0.1:${await freePort()}`;
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
    this.apiPort = await freePort();
    this.workspace.file(`${this.name}/tokens.csv`, `${TOKEN},conformance,conformance,system:masters\n`);
    await this.createServiceAccountKey();
    this.workspace.file(`${this.name}/kubeconfig`, this.renderKubeconfig());
    const server = this.start('kube-apiserver', [
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
    await this.waitUntilReady(server);
  }

  private async createServiceAccountKey(): Promise<void> {
    const key = this.path('service-account.key');
    const { code, stderr } = await runCommand('openssl', ['genrsa', '-out', key, '2048']);
    if (code !== 0) {
      throw new Failure(`openssl cannot make a key: ${stderr.trim()}`);
    }
  }

  private async waitUntilReady(server: ChildProcess): Promise<void> {
    const deadline = Date.now() + 120_000;
    while (Date.now() < deadline) {
      if (server.exitCode !== null) {
        throw new Failure(`the API server ended: ${this.workspace.logTail(`${this.name}-kube-apiserver`, 1)}`);
      }
      const { code, stdout } = await this.kubectl(['get', '--raw', '/readyz']);
      if (code === 0 && stdout === 'ok') {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Failure(`the API server never started: ${this.workspace.logTail(`${this.name}-kube-apiserver`, 1)}`);
  }

  private renderKubeconfig(): string {
    const cluster = { server: `https://127.0.0.1:${this.apiPort}`, 'insecure-skip-tls-verify': true };
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
