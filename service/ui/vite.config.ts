import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

// ARGUMAP_URL lets `npm run dev` show a service that runs elsewhere.
const service = process.env.ARGUMAP_URL ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    outDir: process.env.ARGUMAP_PAGE_OUT ?? '../static',
    emptyOutDir: true,
    license: { fileName: 'licenses.md' },
    // An inlined asset would be a data: address, which the page's own policy refuses for workers.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/v1': service } },
  // The tests of Svelte files run in the real browser; here only plain modules are tested.
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
} as Parameters<typeof defineConfig>[0])
