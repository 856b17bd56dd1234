import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'

const { repository, doors, sidebar } = JSON.parse(readFileSync(new URL('../pages/navigation.json', import.meta.url)))

export default defineConfig({
  // The folder of the server in which the guide stands, as in `/browser-cors/guide/`.
  base: process.env.GUIDE_BASE ?? '/',
  srcDir: 'pages',
  outDir: 'dist',
  title: 'browser-cors',
  description: 'What a browser does about CORS, and why',
  markdown: {
    // An address in a sentence is one of an example.
    linkify: false,
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    nav: [
      { text: 'Start', items: doors },
      { text: 'Reasons', link: '/reasons/' },
      { text: 'Departures', link: '/departures' },
      { text: 'Scoreboard', link: '/scoreboard' },
    ],
    sidebar,
    outline: { level: [2, 3] },
    editLink: { pattern: ({ frontmatter }) => frontmatter.source, text: 'The source of this page' },
    socialLinks: [{ icon: 'github', link: repository }],
    search: {
      provider: 'local',
      options: {
        // The words of 22 servers on each page would drown the rest.
        _render: (source, env, markdown) =>
          markdown.render(source.replace(/<!-- unsearched -->.*?<!-- searched -->/gs, ''), env),
      },
    },
  },
})
