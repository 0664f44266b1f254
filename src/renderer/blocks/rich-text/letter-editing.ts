// What is done to a letter in its editor from outside of it: by templates, drafts and whatever begins it.
import type { ChainedCommands, Editor, JSONContent } from '@tiptap/core';
import { DOMParser as LetterParser, type Fragment } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import { bodyOf, documentOfText, foreignHtml, type LetterBody, type LetterNode } from '#shared/mail/letter-document.ts';

/** A letter that was kept, or one that begins. */
export function contentOfBody({ text, html }: LetterBody): string | JSONContent {
  return html ?? (documentOfText(text) as JSONContent);
}

/**
 * Changes of a text, which has the keyboard from now on. The editor's own `focus` waits for the next frame, and a letter that is typed
 * until then would be lost.
 */
export function inText(editor: Editor): ChainedCommands {
  editor.view.focus();
  return editor.chain().scrollIntoView();
}

/** What is selected in the page, also when the browser did not tell the editor yet: whatever takes the keyboard away would lose it. */
export function hearSelection({ state, view }: Editor): void {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = document.getSelection() ?? {};
  if (!anchorNode || !focusNode || !view.dom.contains(anchorNode) || !view.dom.contains(focusNode)) return;
  const place = (node: globalThis.Node, offset: number) => state.doc.resolve(view.posAtDOM(node, offset));
  const selected = TextSelection.between(place(anchorNode, anchorOffset ?? 0), place(focusNode, focusOffset ?? 0));
  if (!selected.eq(state.selection)) view.dispatch(state.tr.setSelection(selected));
}

export const bodyOfEditor = (editor: Editor): LetterBody => bodyOf(editor.getJSON());

function fragmentOf(editor: Editor, { text, html }: LetterBody): Fragment {
  if (html === null) return editor.schema.nodeFromJSON(documentOfText(text)).content;
  const page = new DOMParser().parseFromString(foreignHtml(html), 'text/html');
  return LetterParser.fromSchema(editor.schema).parse(page.body).content;
}

function wordsIn(node: LetterNode | undefined): string {
  return (node?.content ?? []).map(({ text }) => text ?? '').join('');
}

/** Where begins what stands below by itself: a signature, the mail that is answered. As `partsOfLetter` does it for text. */
function belowStarts(editor: Editor): number {
  const nodes = (editor.getJSON().content ?? []) as readonly LetterNode[];
  const signed = nodes.findIndex((node) => node.type === 'paragraph' && wordsIn(node) === '-- ');
  const quoted = nodes.findIndex(({ type, attrs }) => type === 'blockquote' && attrs?.['cite'] === true);
  // The line above a quotation says whose it is.
  const from = quoted > 0 && wordsIn(nodes[quoted - 1]).trim() !== '' ? quoted - 1 : quoted;
  const starts = [signed, from].filter((index) => index >= 0);
  const count = starts.length === 0 ? nodes.length : Math.min(...starts);
  let position = 0;
  for (let index = 0; index < count; index += 1) position += editor.state.doc.child(index).nodeSize;
  return position;
}

/** Puts something above everything that is written. */
export function putAbove(editor: Editor, body: LetterBody): void {
  const empty = editor.schema.nodes['paragraph']?.create();
  const { doc } = editor.state;
  let before = 0;
  // Empty lines at the beginning make room for what is put there.
  for (let index = 0; index < doc.childCount && doc.child(index).content.size === 0; index += 1)
    before += doc.child(index).nodeSize;
  const rest = doc.content.cut(before);
  const above = fragmentOf(editor, body);
  const next = rest.size === 0 || empty === undefined ? above : above.addToEnd(empty).append(rest);
  // The cursor stands where what was put there ends, not in what stands below.
  const changed = editor.state.tr.replaceWith(0, doc.content.size, next);
  editor.view.dispatch(changed.setSelection(TextSelection.near(changed.doc.resolve(above.size), -1)));
}

/** What was written by hand, with its looks, to be put back. */
export function writtenIn(editor: Editor): Fragment {
  return editor.state.doc.content.cut(0, belowStarts(editor));
}

/** Puts another text in the place of what was written; what stands below stays. One step to be undone. */
export function putWritten(editor: Editor, written: Fragment | string): void {
  const end = belowStarts(editor);
  const empty = editor.schema.nodes['paragraph']?.create();
  const isLast = end === editor.state.doc.content.size;
  let next = typeof written === 'string' ? fragmentOf(editor, { text: written.trimEnd(), html: null }) : written;
  if (typeof written === 'string' && !isLast && empty !== undefined) next = next.addToEnd(empty);
  editor.view.dispatch(editor.state.tr.replaceWith(0, end, next));
}
