"""The sample draft of the first run."""

# ruff: noqa: E501 - paragraphs of prose are lines, here as in any draft

TOUR = """\
# Two minutes with cowrite

This is a draft like any other. Change it as you like: the tour makes it new each time.

## Ask

Put the cursor behind the next line and press Ctrl+Space (or F2).

The old lighthouse keeper had a habit that nobody in the village could explain: every evening, just before he lit the lamp,

Grey words appear. They are a suggestion, not your text. Nothing is in your draft before you take it.

## Decide

- Tab takes all of it. Ctrl+Right takes one word, Ctrl+L one sentence.
- Typing what it says follows it; Backspace gives the letters back.
- Ctrl+N shows the next one. F5 shows all of them side by side.
- F4 lets you change it before it goes in.
- Escape refuses it. Typing anything else lets it go.
- Ctrl+Z takes back whatever you took.

Try it here, in the middle of a paragraph: the storm had been coming for days, and by the time the boats turned for home there was no telling the sky from the sea.

## Look

- F12 colours the words by who wrote them.
- F11 dims everything but the paragraph you are in. Alt+Y keeps it in the middle.
- Ctrl+F finds, Ctrl+G goes to a heading, F1 shows every key.
- Ctrl+P finds any command by its name, also those without a key.

## Leave

Ctrl+S saves and Ctrl+Q leaves; you are asked first if something is not saved. Every decision you made is in a log on this machine, and nowhere else. `cowrite stats` shows what it says about you and the model.
"""
