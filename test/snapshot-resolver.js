const path = require('path');

const tests = __dirname;
const snapshots = path.join(tests, '..', '__snapshots__');

/** Keeps snapshots apart from the tests, in a top-level folder that mirrors test/. */
module.exports = {
  resolveSnapshotPath: (test, extension) => path.join(snapshots, path.relative(tests, test)) + extension,
  resolveTestPath: (snapshot, extension) =>
    path.join(tests, path.relative(snapshots, snapshot)).slice(0, -extension.length),
  testPathForConsistencyCheck: path.join(tests, 'platform.test.ts'),
};
