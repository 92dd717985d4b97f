-- Commands and <Plug> mappings; nothing is started before `require('cowrite').setup()` or a command.
if vim.g.loaded_cowrite then
  return
end
vim.g.loaded_cowrite = true

local function call(name, ...)
  local words = { ... }
  return function()
    return require('cowrite')[name](unpack(words))
  end
end

local acts = {
  Suggest = { 'suggest', call('suggest') },
  Accept = { 'accept', call('accept', 'all') },
  AcceptWord = { 'accept-word', call('accept', 'word') },
  AcceptSentence = { 'accept-sentence', call('accept', 'sentence') },
  Next = { 'next', call('next', 1) },
  Previous = { 'previous', call('next', -1) },
  Reject = { 'reject', call('reject') },
  Attach = { 'attach', call('attach') },
}

for name, act in pairs(acts) do
  vim.api.nvim_create_user_command('Cowrite' .. name, function()
    act[2]()
  end, { desc = 'cowrite: ' .. act[1] })
  vim.keymap.set({ 'i', 'n' }, '<Plug>(cowrite-' .. act[1] .. ')', function()
    act[2]()
  end, { silent = true, desc = 'cowrite: ' .. act[1] })
end
