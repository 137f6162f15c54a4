// How the page at /docs looks, in light and dark.

export const DOCS_STYLE = `
:root { color-scheme: light dark; --line: #8884; --quiet: light-dark(#555, #aaa);
  --link: light-dark(#0550ae, #79b8ff); --shade: light-dark(#f3f4f6, #22262c); }
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 19rem 1fr;
  font: 15px/1.5 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem;
  border-right: 1px solid var(--line); font-size: 13px; }
nav ul { list-style: none; padding: 0; }
nav li { margin: .4rem 0; overflow-wrap: anywhere; }
main { padding: 1rem 2rem 4rem; max-width: 62rem; min-width: 0; }
section { border-bottom: 1px solid var(--line); padding-bottom: 1.5rem; }
h1 { font-size: 1.2rem; } h2 { font-size: 1.15rem; overflow-wrap: anywhere; }
h3 { font-size: .95rem; margin-bottom: .3rem; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
.method, nav b { font: 600 .85em ui-monospace, monospace; }
.method { background: var(--shade); padding: .15rem .45rem; border-radius: .3rem; }
code, pre { font: .9em ui-monospace, monospace; }
pre { background: var(--shade); padding: .8rem; overflow: auto; border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
i { color: var(--quiet); }
@media (max-width: 48rem) { body { display: block; } nav { position: static; height: auto; } }
`;
