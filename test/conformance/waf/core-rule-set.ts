import * as fs from 'fs';
import * as path from 'path';
import { Failure } from '../failure';
import { runCommand } from '../run-command';
import { Workspace } from '../workspace';

const MODULE = 'github.com/corazawaf/coraza-coreruleset/v4';

const TOOL = path.join(__dirname, '..', 'tools', 'core-rule-set');

/** A rule that may refuse a request. */
export interface Rule {
  readonly id: number;
  readonly paranoiaLevel: number;
  /** Whether it is enough to refuse a request by itself. */
  readonly critical: boolean;
}

/** The OWASP core rule set, with its regression cases. */
export interface CoreRuleSet {
  /** As `4.25.0`. */
  readonly version: string;
  /** What the firewall's image has at /opt/owasp-crs. */
  readonly directory: string;
  readonly rules: ReadonlyMap<number, Rule>;
  /** The directory of its cases. */
  readonly cases: string;
}

/** Gets the rule set's Go module, and lays its files out as the image does. */
export async function coreRuleSet(workspace: Workspace): Promise<CoreRuleSet> {
  const module = await download();
  const directory = workspace.file('core-rule-set');
  fs.mkdirSync(path.join(directory, 'rules'), { recursive: true });
  const own = path.join(module.Dir, 'rules');
  const setup = fs.readFileSync(path.join(own, '@crs-setup.conf.example'), 'utf8');
  fs.writeFileSync(path.join(directory, 'crs-setup.conf'), apart(setup));
  const rules: Rule[] = [];
  for (const name of fs.readdirSync(path.join(own, '@owasp_crs'))) {
    const text = fs.readFileSync(path.join(own, '@owasp_crs', name), 'utf8');
    const isRules = name.endsWith('.conf');
    fs.writeFileSync(path.join(directory, 'rules', name), isRules ? apart(text) : text);
    rules.push(...(isRules && name.startsWith('REQUEST-') ? rulesOf(text) : []));
  }
  return {
    version: module.Version.replace(/^v/, ''),
    directory,
    rules: new Map(rules.map((rule) => [rule.id, rule])),
    cases: path.join(module.Dir, 'tests'),
  };
}

async function download(): Promise<{ Dir: string; Version: string }> {
  const { code, stdout, stderr } = await runCommand('go', ['mod', 'download', '-json', MODULE], { cwd: TOOL });
  if (code !== 0) {
    throw new Failure(`cannot get the module ${MODULE}: ${stderr.trim().split('\n').pop()}`);
  }
  return JSON.parse(stdout) as { Dir: string; Version: string };
}

/** The module has its blank lines removed; libmodsecurity's parser needs one between two directives. */
function apart(text: string): string {
  return text.replace(/^(?=Sec)/gm, '\n');
}

/** The rules of a file. A chain is one rule: its first part has the name, its last part the score. */
function rulesOf(text: string): Rule[] {
  const directives = text.replace(/\\\n\s*/g, '').split('\n');
  const chains: string[] = [];
  for (const directive of directives.filter((line) => /^\s*Sec(Rule|Action)\b/.test(line))) {
    if (/[",]id:\d+/.test(directive)) {
      chains.push(directive);
    } else {
      chains.push((chains.pop() ?? '') + directive);
    }
  }
  return chains.flatMap((chain) => {
    const [, id] = /[",]id:(\d+)/.exec(chain)!;
    const [, level] = /paranoia-level\/(\d)/.exec(chain) ?? [];
    const critical = chain.includes('=+%{tx.critical_anomaly_score}');
    return level ? [{ id: Number(id), paranoiaLevel: Number(level), critical }] : [];
  });
}
