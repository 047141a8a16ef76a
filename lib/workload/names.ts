import { IConstruct } from 'constructs';
import { invalid } from '../errors';

/**
 * The longest name of each kind whose objects derive further names or labels from theirs (the API server's rules).
 *
 * A StatefulSet's revision label and a CronJob's jobs append eleven characters, and so does a Job's hash.
 */
const LONGEST: Record<string, number> = { StatefulSet: 52, CronJob: 52, Job: 52 };

const DNS_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/**
 * Checks the name of an object.
 *
 * Names are DNS labels that begin with a letter for every kind, though some kinds allow more: they become host names,
 * label values and parts of other names.
 *
 * @throws where the name is no DNS label or is longer than its kind allows
 */
export function checkName(where: IConstruct | string, kind: string, name: string): string {
  const longest = LONGEST[kind] ?? 63;
  if (!DNS_LABEL.test(name)) {
    throw invalid(
      where,
      `'${name}' is no ${kind} name; allowed: lower-case letters, digits and '-', beginning with a letter, ` +
        `ending with a letter or digit`,
    );
  }
  if (name.length > longest) {
    throw invalid(where, `'${name}' has ${name.length} characters; allowed for a ${kind}: at most ${longest}`);
  }
  return name;
}

/** Checks a port number. */
export function checkPort(where: IConstruct | string, port: number): number {
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw invalid(where, `port ${port} is none; allowed: a whole number from 1 to 65535`);
  }
  return port;
}

/** Checks the name of a port, as IANA has them. */
export function checkPortName(where: IConstruct | string, name: string): string {
  if (!/^(?=.{1,15}$)[a-z](-?[a-z0-9])*$/.test(name)) {
    throw invalid(
      where,
      `'${name}' is no port name; allowed: at most 15 lower-case letters, digits and single '-', beginning with a letter`,
    );
  }
  return name;
}

/** Checks a count, of replicas for example. */
export function checkCount(where: IConstruct | string, what: string, count: number, least = 0): number {
  if (!Number.isInteger(count) || count < least) {
    throw invalid(where, `${what} is ${count}; allowed: a whole number of ${least} or more`);
  }
  return count;
}
