import { heapMebibytes } from '../../lib/components/jvm-heap';
import { testChart } from '../workload/fixtures';

describe('the heap of a Java server', () => {
  it.each([
    ['1Gi', 0.5, 512],
    ['4Gi', 0.4, 1638],
    ['768Mi', 0.4, 307],
    ['300M', 0.5, 143],
  ])('is of %s, %d of it: %d MiB', (limit, part, heap) => {
    expect(heapMebibytes(testChart(), limit, { part, least: '256Mi' })).toBe(heap);
  });

  it('needs as much memory as the server runs with', () => {
    expect(heapMebibytes(testChart(), '256Mi', { part: 0.5, least: '256Mi' })).toBe(128);
    expect(() => heapMebibytes(testChart(), '255Mi', { part: 0.5, least: '256Mi' })).toThrow(
      '[test] resources.memoryLimit is 255Mi, too small for its heap; allowed: at least 256Mi',
    );
  });

  it('is of a quantity', () => {
    expect(() => heapMebibytes(testChart(), 'much', { part: 0.5, least: '256Mi' })).toThrow("'much' is no quantity");
  });
});
