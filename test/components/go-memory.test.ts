import { goMemoryLimit } from '../../lib/components/go-memory';

it('Go programs stay below nine tenths of their memory limit', () => {
  expect(goMemoryLimit('a server', '1000Mi')).toBe('900MiB');
});

it('says whose limit is none', () => {
  expect(() => goMemoryLimit('a server', 'much')).toThrow(/a server resources\.memoryLimit/);
});
