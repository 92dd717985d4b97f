// cowrite in Visual Studio Code: its inline suggestions, asked of `cowrite lsp`, which keeps the log.
'use strict';

const { commands, Range, workspace } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

const AUTOMATIC = 1; // InlineCompletionTriggerKind
const REJECTED = 'cowrite.rejected';
const languages = ['markdown', 'plaintext', 'latex', 'restructuredtext'];

let client;
let given; // what the editor got last: document, position, texts, and the suggestion's id

// Whether what was typed or taken since is what was suggested: the editor asks for the rest by itself then.
function goesOn(document, position) {
  if (given?.document !== document || position.isBefore(given.position)) {
    return false;
  }
  const written = document.getText(new Range(given.position, position));
  return given.texts.some((text) => text !== written && text.startsWith(written));
}

async function suggest(document, position, context, token, next) {
  const auto = workspace.getConfiguration('cowrite').get('auto', false);
  if (context.triggerKind === AUTOMATIC && !auto && !goesOn(document, position)) {
    return [];
  }
  const found = await next(document, position, context, token);
  const items = found?.items ?? found ?? [];
  if (items.length) {
    given = { document, position, texts: items.map((item) => item.insertText), id: items[0].command.arguments[0] };
  }
  return found;
}

async function refuse() {
  await commands.executeCommand('editor.action.inlineSuggest.hide');
  if (given) {
    await client.sendRequest('workspace/executeCommand', { command: REJECTED, arguments: [given.id] });
  }
  given = undefined;
}

exports.activate = async (context) => {
  const [command, ...args] = workspace.getConfiguration('cowrite').get('command', ['cowrite', 'lsp']);
  client = new LanguageClient('cowrite', 'cowrite', { command, args }, {
    documentSelector: languages.map((language) => ({ language })),
    middleware: { provideInlineCompletionItems: suggest },
  });
  context.subscriptions.push(commands.registerCommand('cowrite.refuse', refuse));
  await client.start();
};

exports.deactivate = () => client?.stop();
