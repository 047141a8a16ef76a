import { MAX_BODY_BYTES } from './waf-nginx';

/** Rules that a route's requests need not pass, because they take its ordinary content for an attack. */
export interface WafExclusion {
  /** The path prefix it is for, as `/api/v1/orders`. */
  readonly path: string;

  /** The ids of the core rule set's rules, as `942100`. */
  readonly rules: number[];

  /**
   * The part of the request that they shall not look at, as `ARGS:json.notes`.
   *
   * @default - the rules are off for the path
   */
  readonly target?: string;
}

/** How strict the firewall is. */
export interface WafRuleSettings {
  readonly detectionOnly: boolean;
  readonly paranoiaLevel: number;
  readonly inboundAnomalyThreshold: number;
  readonly outboundAnomalyThreshold: number;
  readonly methods: readonly string[];
  readonly exclusions: readonly WafExclusion[];
}

/** Where the image keeps the OWASP core rule set. */
const CORE_RULE_SET = '/opt/owasp-crs';

/** Ids of the platform's own rules; the core rule set's begin at 900000. */
const OWN_RULES = { bodyProcessor: 1000, bodyError: 1001, multipartError: 1002, settings: 1010, exclusions: 1100 };

/**
 * The rules of the firewall: ModSecurity's engine, the settings of the OWASP core rule set, and the rule set itself as
 * the image has it.
 *
 * The audit log leaves the headers and bodies of requests out: they hold tokens and customers' data. What a rule has found
 * in one stands in it, as an excerpt.
 */
export function wafModSecurityConfig(settings: WafRuleSettings): string {
  const { detectionOnly, paranoiaLevel, inboundAnomalyThreshold, outboundAnomalyThreshold, methods } = settings;
  return `SecRuleEngine ${detectionOnly ? 'DetectionOnly' : 'On'}
SecRequestBodyAccess On
SecRequestBodyLimit ${MAX_BODY_BYTES}
SecRequestBodyNoFilesLimit ${MAX_BODY_BYTES}
SecRequestBodyLimitAction Reject
SecRequestBodyJsonDepthLimit 32
SecArgumentsLimit 1000
SecResponseBodyAccess On
SecResponseBodyMimeType application/json text/plain text/html
SecResponseBodyLimit 524288
SecResponseBodyLimitAction ProcessPartial
SecTmpDir /tmp
SecDataDir /tmp
SecAuditEngine RelevantOnly
SecAuditLogRelevantStatus "^(?:400|403|405)$"
SecAuditLogParts AHZ
SecAuditLogFormat JSON
SecAuditLogType Serial
SecAuditLog /dev/stderr
SecArgumentSeparator &
SecCookieFormat 0
SecStatusEngine Off

SecRule REQUEST_HEADERS:Content-Type "^application/(?:[a-z0-9.+-]+[+])?json" \\
  "id:${OWN_RULES.bodyProcessor},phase:1,pass,nolog,t:none,t:lowercase,ctl:requestBodyProcessor=JSON"
SecRule REQBODY_ERROR "!@eq 0" \\
  "id:${OWN_RULES.bodyError},phase:2,deny,status:400,log,t:none,msg:'The body is not what its type says',severity:2"
SecRule MULTIPART_STRICT_ERROR "!@eq 0" \\
  "id:${OWN_RULES.multipartError},phase:2,deny,status:400,log,t:none,msg:'The multipart body is malformed',severity:2"

Include ${CORE_RULE_SET}/crs-setup.conf
SecAction \\
  "id:${OWN_RULES.settings},phase:1,pass,nolog,t:none,\\
  setvar:tx.blocking_paranoia_level=${paranoiaLevel},\\
  setvar:tx.detection_paranoia_level=${paranoiaLevel},\\
  setvar:tx.inbound_anomaly_score_threshold=${inboundAnomalyThreshold},\\
  setvar:tx.outbound_anomaly_score_threshold=${outboundAnomalyThreshold},\\
  setvar:'tx.allowed_methods=${methods.join(' ')}',\\
  setvar:'tx.allowed_request_content_type=|application/json|'"
${settings.exclusions.map(exclusion).join('')}
Include ${CORE_RULE_SET}/rules/*.conf
`;
}

function exclusion({ path, rules, target }: WafExclusion, index: number): string {
  const controls = rules.map((rule) =>
    target ? `ctl:ruleRemoveTargetById=${rule};${target}` : `ctl:ruleRemoveById=${rule}`,
  );
  return `SecRule REQUEST_FILENAME "@rx ^${path.replace(/[.]/g, '[.]')}(?:/|$)" \\
  "id:${OWN_RULES.exclusions + index},phase:1,pass,nolog,t:none,${controls.join(',')}"
`;
}
