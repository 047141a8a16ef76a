import { IConstruct } from 'constructs';
import { invalid } from '../errors';

/** A dashboard of Grafana. */
export interface GrafanaDashboard {
  /** Its name, a DNS label, and so that of its file. */
  readonly name: string;

  /** The dashboard as JSON, as Grafana exports it, with a `title` and a `uid`. */
  readonly json: string;
}

/** The dashboard that people see first. */
export const HOME_DASHBOARD = 'platform-overview';

/** A ConfigMap takes a mebibyte, the annotation that `kubectl apply` adds a quarter of it. */
const MOST_BYTES = 200 * 1024;

/** Grafana's own limit. */
const LONGEST_UID = 40;

/**
 * Checks dashboards, each by itself and all against each other.
 *
 * @throws where a name, title or uid is there twice, or a dashboard is none or too large
 */
export function dashboardFiles(
  where: IConstruct,
  dashboards: readonly GrafanaDashboard[],
): readonly GrafanaDashboard[] {
  const seen = new Map<string, string>();
  for (const { name, json } of dashboards) {
    if (!/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) {
      throw invalid(where, `'${name}' is no name of a dashboard; allowed: up to 40 lower-case letters, digits and '-'`);
    }
    const { title, uid } = contentOf(where, name, json);
    if (Buffer.byteLength(json) > MOST_BYTES) {
      throw invalid(where, `dashboard ${name} has ${Buffer.byteLength(json)} bytes; allowed: at most ${MOST_BYTES}`);
    }
    for (const key of [`name '${name}'`, `title '${title}'`, `uid '${uid}'`]) {
      if (seen.has(key)) {
        throw invalid(where, `dashboards ${seen.get(key)} and ${name} both have the ${key}; allowed: each once`);
      }
      seen.set(key, name);
    }
  }
  return dashboards;
}

function contentOf(where: IConstruct, name: string, json: string): { title: string; uid: string } {
  let content: { title?: unknown; uid?: unknown; panels?: unknown };
  try {
    content = JSON.parse(json) as typeof content;
  } catch {
    throw invalid(where, `dashboard ${name} is no JSON; allowed: a dashboard as Grafana exports it`);
  }
  const { title, uid, panels } = content ?? {};
  const isUid = typeof uid === 'string' && /^[\w-]+$/.test(uid) && uid.length <= LONGEST_UID;
  if (typeof title !== 'string' || !title || !isUid || !Array.isArray(panels)) {
    throw invalid(
      where,
      `dashboard ${name} has no title, no uid of up to 40 letters, or no panels; allowed: all three`,
    );
  }
  return { title, uid };
}
