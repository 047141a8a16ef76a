import { PRIORITY_CLASSES } from '../../lib/topology/priority-classes';

/** The API server keeps what is above for the system's own classes. */
const HIGHEST_USER_PRIORITY = 1_000_000_000;

describe('the priority classes', () => {
  const { data, platform, application } = PRIORITY_CLASSES;

  it('keep data longest, then what services need, then services', () => {
    expect(data.value).toBeGreaterThan(platform.value);
    expect(platform.value).toBeGreaterThan(application.value);
    expect(application.value).toBeGreaterThan(0);
    expect(data.value).toBeLessThanOrEqual(HIGHEST_USER_PRIORITY);
  });

  it('have names that do not meet those of others in a cluster', () => {
    expect([data.name, platform.name, application.name]).toEqual(['wms-data', 'wms-platform', 'wms-application']);
  });
});
