/** The reference: every subpath of the package, as package.json has them, out of its source. */
import { SUBPATHS } from './subpaths.mjs';

export default {
  entryPoints: SUBPATHS.map((name) => `../src/${name || 'index'}.ts`),
  ...{
    plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme', './reference.plugin.mjs'],
    tsconfig: 'tsconfig.json',
    name: 'Reference',
    sort: ['source-order'],
    sortEntryPoints: false,
    validation: {
      notExported: false,
    },
    readme: 'none',
    out: 'reference',
    docsRoot: '.',
    router: 'module',
    disableSources: true,
    excludeInternal: true,
    excludePrivate: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases', 'Namespaces'],
    useCodeBlocks: true,
    useHTMLAnchors: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    enumMembersFormat: 'table',
    sidebar: {
      autoConfiguration: true,
      pretty: true,
    },
    githubPages: false,
  },
};
