/** Colours and sizes are those of the application, light and dark. */
export const pageStyle = `
:root { color-scheme: light dark; --canvas: #f6f7f9; --surface: #fff; --text: #1a1d24; --muted: #5a6172; --border: #cdd2db; --accent: #394bb0; --on-accent: #fff; --danger: #b3261e; --good: #14703d; }
@media (prefers-color-scheme: dark) { :root { --canvas: #111319; --surface: #181b23; --text: #e6e8ee; --muted: #a0a6b5; --border: #3b404d; --accent: #aab6fb; --on-accent: #111319; --danger: #ff9b94; --good: #7ad6a0; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--canvas); color: var(--text); font: 15px/1.5 'Inter Variable', Inter, system-ui, sans-serif; }
main { width: min(440px, 100%); background: var(--surface); border: 1px solid var(--border); border-radius: 12px; padding: 32px; }
.mark { color: #4357c7; display: block; margin: 0 auto 12px; }
h1 { font-size: 20px; line-height: 1.3; margin: 0 0 8px; text-align: center; }
p { margin: 0 0 16px; overflow-wrap: anywhere; }
.muted { color: var(--muted); }
label { display: block; font-weight: 600; margin: 16px 0 4px; }
.hint { color: var(--muted); font-size: 13px; margin: 0 0 4px; }
input { width: 100%; min-height: 40px; padding: 8px 12px; border: 1px solid var(--border); border-radius: 6px; background: var(--canvas); color: var(--text); font: inherit; }
input[aria-invalid='true'] { border-color: var(--danger); }
.error { color: var(--danger); font-size: 14px; margin: 4px 0 0; min-height: 0; }
.good { color: var(--good); font-weight: 600; }
button, a.button { display: block; width: 100%; min-height: 40px; margin: 20px 0 0; padding: 8px 16px; border: 1px solid transparent; border-radius: 6px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
button[disabled] { opacity: 0.6; cursor: default; }
a { color: var(--accent); }
.check { display: flex; align-items: center; gap: 8px; margin: 12px 0 0; }
.check input { width: 18px; min-height: 18px; height: 18px; margin: 0; }
.check label { margin: 0; font-weight: 400; }
.aside { margin: 16px 0 0; font-size: 13px; text-align: center; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
/* A text that is read out, and not used. */
[tabindex='-1']:focus-visible { outline: none; }
code { font: 14px/1.4 ui-monospace, 'Cascadia Mono', monospace; background: var(--canvas); border: 1px solid var(--border); border-radius: 4px; padding: 1px 6px; }
`;
