/** An API prefix that is reached from the internet, through the web application firewall. */
export interface PublicRoute {
  /** The prefix, as `/api/v1/orders`: the path itself and all below it. */
  readonly path: string;

  /** The HTTP methods its API has, as `GET`; all others are refused. */
  readonly methods: string[];
}

/** A public route with the service that it leads to. */
export interface PublicServiceRoute extends PublicRoute {
  /** One of the public services, as `order-service`. */
  readonly service: string;
}
