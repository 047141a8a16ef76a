import { wafModSecurityConfig, WafRuleSettings } from '../../lib/components/waf-modsecurity';

const SETTINGS: WafRuleSettings = {
  detectionOnly: false,
  paranoiaLevel: 2,
  inboundAnomalyThreshold: 6,
  outboundAnomalyThreshold: 7,
  methods: ['GET', 'PATCH'],
  exclusions: [],
};

const made = (settings: Partial<WafRuleSettings> = {}) => wafModSecurityConfig({ ...SETTINGS, ...settings });

/** The rules and settings, in order. */
const directives = (text: string) =>
  text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter(Boolean);

describe("the firewall's rules", () => {
  const lines = directives(made());

  it('block, or only detect', () => {
    expect(lines[0]).toBe('SecRuleEngine On');
    expect(directives(made({ detectionOnly: true }))[0]).toBe('SecRuleEngine DetectionOnly');
  });

  it('are the core rule set of the image, after its own settings', () => {
    const order = lines.filter((line) => /^Include|id:1010/.test(line));
    expect(order).toEqual([
      'Include /opt/owasp-crs/crs-setup.conf',
      'SecAction "id:1010,phase:1,pass,nolog,t:none,setvar:tx.blocking_paranoia_level=2,' +
        'setvar:tx.detection_paranoia_level=2,setvar:tx.inbound_anomaly_score_threshold=6,' +
        "setvar:tx.outbound_anomaly_score_threshold=7,setvar:'tx.allowed_methods=GET PATCH'," +
        `setvar:'tx.allowed_request_content_type=|application/json|'"`,
      'Include /opt/owasp-crs/rules/*.conf',
    ]);
  });

  it('look into JSON bodies, and refuse those that are none or too large', () => {
    expect(lines).toEqual(
      expect.arrayContaining([
        'SecRequestBodyAccess On',
        'SecRequestBodyLimit 1048576',
        'SecRequestBodyNoFilesLimit 1048576',
        'SecRequestBodyLimitAction Reject',
        'SecRequestBodyJsonDepthLimit 32',
        'SecArgumentsLimit 1000',
      ]),
    );
    expect(lines.find((line) => line.includes('id:1000'))).toContain('ctl:requestBodyProcessor=JSON');
    expect(lines.find((line) => line.includes('id:1001'))).toMatch(/^SecRule REQBODY_ERROR "!@eq 0" .*deny,status:400/);
    expect(lines.find((line) => line.includes('id:1002'))).toMatch(/^SecRule MULTIPART_STRICT_ERROR .*deny,status:400/);
  });

  it('take any spelling of a JSON type, and no other type', () => {
    const [, pattern] = /Content-Type "(\S+)"/.exec(made())!;
    const processed = (type: string) => new RegExp(pattern).test(type);
    expect(processed('application/json; charset=utf-8')).toBe(true);
    expect(processed('application/merge-patch+json')).toBe(true);
    expect(processed('application/xml')).toBe(false);
    expect(processed('text/application/json')).toBe(false);
  });

  it('log what is refused as JSON, without headers and bodies', () => {
    expect(lines.filter((line) => line.startsWith('SecAudit'))).toEqual([
      'SecAuditEngine RelevantOnly',
      'SecAuditLogRelevantStatus "^(?:400|403|405)$"',
      'SecAuditLogParts AHZ',
      'SecAuditLogFormat JSON',
      'SecAuditLogType Serial',
      'SecAuditLog /dev/stderr',
    ]);
  });

  it('write temporary files where there is room for them, and tell nobody that they run', () => {
    expect(lines).toEqual(expect.arrayContaining(['SecTmpDir /tmp', 'SecDataDir /tmp', 'SecStatusEngine Off']));
  });

  it('leave out, for a path and all below it, what is excluded there', () => {
    const exclusions = [
      { path: '/api/v1.1/orders', rules: [942100, 942110] },
      { path: '/api/v1/waves', rules: [941100], target: 'ARGS:json.name' },
    ];
    const own = directives(made({ exclusions })).filter((line) => !lines.includes(line));
    expect(own).toEqual([
      'SecRule REQUEST_FILENAME "@rx ^/api/v1[.]1/orders(?:/|$)" ' +
        '"id:1100,phase:1,pass,nolog,t:none,ctl:ruleRemoveById=942100,ctl:ruleRemoveById=942110"',
      'SecRule REQUEST_FILENAME "@rx ^/api/v1/waves(?:/|$)" ' +
        '"id:1101,phase:1,pass,nolog,t:none,ctl:ruleRemoveTargetById=941100;ARGS:json.name"',
    ]);
  });

  it('exclude before the rules that are excluded run', () => {
    const text = made({ exclusions: [{ path: '/api/v1/waves', rules: [941100] }] });
    expect(text.indexOf('id:1100')).toBeLessThan(text.indexOf('rules/*.conf'));
  });

  it('have an id each', () => {
    const exclusions = [1, 2, 3].map((n) => ({ path: `/api/v${n}`, rules: [942100] }));
    const ids = [...made({ exclusions }).matchAll(/"id:(\d+)/g)].map(([, id]) => id);
    expect(ids).toHaveLength(7);
    expect(new Set(ids).size).toBe(7);
  });
});
