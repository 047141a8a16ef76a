import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['build/', 'dist/', 'imports/*.ts', 'coverage/', '**/node_modules/'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.dev.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/explicit-member-accessibility': 'error',
      // cdk8s' escape hatches (Lazy, toJson) are typed any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // Constructs are made for their place in the tree.
      'no-new': 'off',
    },
  },
  { files: ['main.ts', 'scripts/**', 'test/conformance/**'], rules: { 'no-console': 'off' } },
  {
    files: ['test/**'],
    rules: {
      // Manifests are read as plainly as a person would.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  prettier,
);
