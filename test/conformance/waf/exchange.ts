/** A request, byte for byte. */
export interface Request {
  /** Its name, which it carries as a header where it can carry any. */
  readonly id: string;
  /** Everything that is sent, as Base64. */
  readonly bytes: string;
  /** Where it comes from, if that is not one of the pods. */
  readonly from?: string;
  /** Whom a proxy has said it is from, where one has. */
  readonly client?: string;
}

/** What has come of a request. */
export interface Answer {
  readonly id: string;
  /** 0 where the connection has ended without an answer. */
  readonly status: number;
  readonly body: string;
  /** The address that it comes from. */
  readonly from: string;
  /** The address that the firewall's log knows it by. */
  readonly client: string;
  /** What has reached a service of it. */
  readonly arrivals: readonly Arrival[];
}

/** A request as a service sees it. */
export interface Arrival {
  readonly id: string;
  readonly service: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As Base64. */
  readonly body: string;
}

/** A service that a stand-in serves. */
export interface StandIn {
  /** Its name in the DNS. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

/** What is done in the firewall's network. */
export interface Traffic {
  readonly services: readonly StandIn[];
  /** The firewall's port. */
  readonly port: number;
  /** Where it says that it is well. */
  readonly health: { readonly port: number; readonly path: string };
  readonly requests: readonly Request[];
}

/** What has come of it. */
export interface Outcome {
  readonly health: { readonly status: number; readonly body: string };
  readonly answers: readonly Answer[];
  /** What has reached a service and belongs to no request by its name. */
  readonly strangers: readonly Arrival[];
}

/** The header that carries a request's name. */
export const CASE_HEADER = 'X-Case';

/** The header that says what a stand-in shall answer. */
export const ANSWER_HEADER = 'X-Stand-In-Answer';
