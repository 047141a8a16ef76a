/** A page of the platform that people open in a browser, behind a login. */
export interface PeoplePage {
  /** What its host name begins with. */
  readonly host: string;
  /** Who may open it, by the roles of people, where nothing else is said. */
  readonly roles: readonly string[];
}

/** Temporal's page ends and restarts workflows, so looking alone is not enough to open it. */
export const PEOPLE_PAGES = {
  grafana: { host: 'grafana', roles: ['viewers', 'operators', 'administrators'] },
  temporal: { host: 'temporal', roles: ['operators', 'administrators'] },
} as const satisfies Record<string, PeoplePage>;

/** The name of a page. */
export type PeoplePageName = keyof typeof PEOPLE_PAGES;
