/** Cases that this engine, or their adaptation to an API that takes JSON, lets pass, and why. */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  '943110-22': 'its field sessionid is called json.sessionid in JSON, where the rule wants the whole name',
};
