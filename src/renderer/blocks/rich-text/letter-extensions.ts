// What a letter can be made of, for the editor: its schema is also what cleans everything pasted, because nothing else exists in it.
import { Extension, type Node } from '@tiptap/core';
import { Slice } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import { StarterKit } from '@tiptap/starter-kit';
import { documentOfText, foreignHtml, textOfDocument, type LetterNode } from '#shared/mail/letter-document.ts';

const kit = StarterKit.configure({
  code: false,
  codeBlock: false,
  dropcursor: false,
  gapcursor: false,
  heading: false,
  horizontalRule: false,
  strike: false,
  trailingNode: false,
  link: {
    openOnClick: false,
    autolink: true,
    defaultProtocol: 'https',
    protocols: ['http', 'https', 'mailto'],
    isAllowedUri: (address) => /^(https?:\/\/|mailto:)/i.test(address),
    HTMLAttributes: { target: null, rel: null, class: null },
  },
});

/** The kit with what is different in letters. */
const changed = kit.extend({
  addExtensions() {
    return (this.parent?.() ?? []).map((each) => {
      const node = each as Node;
      switch (node.name) {
        case 'paragraph':
          return node.extend({
            parseHTML: () => [{ tag: 'p' }, { tag: 'div' }],
            renderHTML: () => ['div', 0],
          });
        case 'blockquote':
          return node.extend({
            // That of the mail that is answered is known from one of the author.
            addAttributes: () => ({
              cite: {
                default: false,
                parseHTML: (element: HTMLElement) => element.getAttribute('type') === 'cite',
                renderHTML: ({ cite }: Record<string, unknown>) => (cite === true ? { type: 'cite' } : {}),
              },
            }),
          });
        case 'hardBreak':
          // Ctrl and Enter sends the letter.
          return node.extend({
            addKeyboardShortcuts() {
              return { 'Shift-Enter': () => this.editor.commands.setHardBreak() };
            },
          });
        case 'listItem':
          // Tab leaves the text, in a list as anywhere else.
          return node.extend({
            addKeyboardShortcuts() {
              // Asked for with every key: `commands` are made for the text as it stands at that moment.
              return {
                Enter: () => this.editor.commands.splitListItem('listItem'),
                'Mod-]': () => this.editor.commands.sinkListItem('listItem'),
                'Mod-[': () => this.editor.commands.liftListItem('listItem'),
              };
            },
          });
        default:
          return each;
      }
    });
  },
});

/** Lines of text stay lines, and what is copied out as text is the twin of the letter. */
const clipboard = Extension.create({
  name: 'letterClipboard',
  addProseMirrorPlugins() {
    const { schema } = this.editor;
    return [
      new Plugin({
        props: {
          transformPastedHTML: foreignHtml,
          clipboardTextParser: (text) => Slice.maxOpen(schema.nodeFromJSON(documentOfText(text)).content),
          clipboardTextSerializer: (slice) => textOfDocument({ content: slice.content.toJSON() as LetterNode[] }),
        },
      }),
    ];
  },
});

export const letterExtensions = [changed, clipboard];
