import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type Plugin } from 'vite'

// ARGUMAP_URL lets `npm run dev` show a service that runs elsewhere.
const service = process.env.ARGUMAP_URL ?? 'http://127.0.0.1:8000'

/** The script that asks for the map stands before the page's own one, and waits for nothing of it. */
const early: Plugin = {
  name: 'early',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle }) => {
      const script = Object.values(bundle ?? {}).find((one) => one.type === 'chunk' && one.isEntry && one.name === 'early')
      return script ? [{ tag: 'script', attrs: { type: 'module', src: `/${script.fileName}` }, injectTo: 'head-prepend' }] : []
    },
  },
}

export default defineConfig({
  plugins: [svelte(), early],
  build: {
    target: 'es2022',
    outDir: process.env.ARGUMAP_PAGE_OUT ?? '../static',
    emptyOutDir: true,
    license: { fileName: 'licenses.md' },
    // An inlined asset would be a data: address, which the page's own policy refuses for workers.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { input: { index: 'index.html', early: 'src/early.ts' } },
  },
  server: { proxy: { '/v1': service } },
  // The tests of Svelte files run in the real browser; here only plain modules are tested.
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
} as Parameters<typeof defineConfig>[0])
