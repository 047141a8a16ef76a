import { zookeeperFiles } from '../../lib/components/zookeeper-config';

describe('the files of an ensemble', () => {
  const files = zookeeperFiles(['zookeeper-0.example', 'zookeeper-1.example', 'zookeeper-2.example']);
  const settings = files['zoo.cfg'].split('\n');

  it('name every member, numbered from 1, with its ports', () => {
    expect(settings.filter((line) => line.startsWith('server.'))).toEqual([
      'server.1=zookeeper-0.example:2888:3888;2181',
      'server.2=zookeeper-1.example:2888:3888;2181',
      'server.3=zookeeper-2.example:2888:3888;2181',
    ]);
  });

  it('purge old snapshots hourly, and switch the admin server off', () => {
    expect(settings).toEqual(
      expect.arrayContaining([
        'autopurge.purgeInterval=1',
        'autopurge.snapRetainCount=3',
        'admin.enableServer=false',
        '4lw.commands.whitelist=srvr',
      ]),
    );
  });

  it('serve metrics to Prometheus', () => {
    expect(settings).toContain('metricsProvider.httpPort=7000');
    expect(files['zoo.cfg']).toMatch(/^metricsProvider\.className=.*\.PrometheusMetricsProvider$/m);
  });

  it('keep data and log on the volume', () => {
    expect(settings).toEqual(expect.arrayContaining(['dataDir=/data', 'dataLogDir=/data/log']));
  });

  it('are of the same kind for one member', () => {
    const one = zookeeperFiles(['zookeeper-0.example'])['zoo.cfg'].split('\n');
    expect(one).toEqual(settings.filter((line) => !/^server\.[23]=/.test(line)));
    expect(one).toContain('standaloneEnabled=false');
  });

  it('log to the console alone', () => {
    expect(files['logback.xml'].match(/<appender /g)).toHaveLength(1);
    expect(files['logback.xml']).toContain('ConsoleAppender');
  });

  it('number a member as its pod, from 1, before it starts', () => {
    expect(files['start.sh']).toMatch(/POD_NAME##\*-\} \+ 1\)\) >\/data\/myid\nexec zkServer\.sh start-foreground\n$/);
  });
});
