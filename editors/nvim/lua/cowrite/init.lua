-- cowrite in Neovim: a ghost at the cursor, from `cowrite lsp`. For Neovim 0.7 and later.
-- The server keeps the log; here is what is drawn and which keys there are.

local M = {}

local SHOWN, MOVED, GHOST = 'textDocument/didShowCompletion', 'cowrite/didMove', 'cowrite/ghost'
local COMPLETE = 'textDocument/inlineCompletion'
local INVOKED, AUTOMATIC = 1, 2

M.options = {
  cmd = { 'cowrite', 'lsp' },
  filetypes = { 'markdown', 'text', 'tex', 'asciidoc', 'rst', 'org', 'mail', 'gitcommit' },
  auto = false,
  auto_delay_ms = 50,
  native = false,
  highlight = 'CowriteGhost',
}

local namespace = vim.api.nvim_create_namespace('cowrite')
local state = {} -- of each buffer: id, items, index, row, column, mark, asked, cancel
local client_id
local ready, wanted = false, nil -- whether the server listens; the buffer that asked before it did

local function client()
  return ready and client_id and vim.lsp.get_client_by_id(client_id)
end

local function is_method(of) -- clients have methods since 0.11, functions before
  return vim.fn.has('nvim-0.11') == 1 and of
end

local function notify(method, params)
  local of = client()
  if not of then
    return
  end
  if is_method(of) then
    of:notify(method, params)
  else
    of.notify(method, params)
  end
end

local function request(method, params, handler, buffer)
  local of = client()
  if not of then
    return false
  end
  if is_method(of) then
    return of:request(method, params, handler, buffer)
  end
  return of.request(method, params, handler, buffer)
end

local function cancel(number)
  local of = client()
  if of and number then
    if is_method(of) then
      of:cancel_request(number)
    else
      of.cancel_request(number)
    end
  end
end

local function encoding()
  local of = client()
  return of and of.offset_encoding or 'utf-16'
end

local function cursor(buffer)
  local place = vim.api.nvim_win_get_cursor(0)
  local row, byte = place[1] - 1, place[2]
  local line = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1] or ''
  local column = byte
  if encoding() ~= 'utf-8' then
    local points, units = vim.str_utfindex(line, math.min(byte, #line))
    column = encoding() == 'utf-32' and points or units
  end
  return row, byte, { line = row, character = column }
end

-- Drawing

local function rub_out(buffer)
  if vim.api.nvim_buf_is_valid(buffer) then
    vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
  end
end

local function forget(buffer)
  local here = state[buffer]
  if here then
    cancel(here.asked)
    state[buffer] = nil
  end
  rub_out(buffer)
end

local function text_of(here)
  local item = here.items[here.index]
  return item and item.text or ''
end

local function draw(buffer)
  local here = state[buffer]
  rub_out(buffer)
  if not here or text_of(here) == '' then
    return
  end
  local lines = vim.split(text_of(here), '\n', { plain = true })
  local line = vim.api.nvim_buf_get_lines(buffer, here.row, here.row + 1, false)[1] or ''
  local at_end = here.byte >= #line
  local count = #here.items > 1 and (' (%d/%d)'):format(here.index, #here.items) or ''
  local mark = { hl_mode = 'combine' }
  if at_end then
    mark.virt_text = { { lines[1], M.options.highlight } }
    mark.virt_text_pos = 'overlay'
  elseif vim.fn.has('nvim-0.10') == 1 then
    mark.virt_text = { { lines[1], M.options.highlight } }
    mark.virt_text_pos = 'inline'
  else -- before 0.10 nothing can be drawn between two characters
    mark.virt_text = { { lines[1], M.options.highlight } }
    mark.virt_text_pos = 'eol'
  end
  if #lines > 1 then
    mark.virt_lines = {}
    for number = 2, #lines do
      mark.virt_lines[number - 1] = { { lines[number], M.options.highlight } }
    end
  end
  if count ~= '' then
    if #lines > 1 then
      table.insert(mark.virt_lines[#lines - 1], { count, 'NonText' })
    else
      table.insert(mark.virt_text, { count, 'NonText' })
    end
  end
  vim.api.nvim_buf_set_extmark(buffer, namespace, here.row, math.min(here.byte, #line), mark)
  local item = here.items[here.index]
  if here.shown ~= here.id .. ':' .. item.index then
    here.shown = here.id .. ':' .. item.index
    notify(SHOWN, { item = { command = { arguments = { here.id, item.index } } } })
  end
end

-- Asking

local function is_here(buffer, here)
  if vim.api.nvim_get_current_buf() ~= buffer then
    return false
  end
  local row, byte = cursor(buffer)
  return here ~= nil and row == here.row and byte == here.byte
end

local function receive(buffer, here, list)
  if state[buffer] ~= here then
    return
  end
  here.asked = nil
  local found = list and list.items or list or {}
  local items, index = {}, 1
  for number, item in ipairs(found) do
    local words = item.command.arguments
    items[number] = { text = item.insertText, index = words[2] }
    here.id = words[1]
    if here.drawn and here.drawn == words[2] then
      index = number
    end
  end
  here.items, here.index = items, index
  if #items == 0 or not is_here(buffer, here) then
    forget(buffer)
  else
    draw(buffer)
  end
end

--- Ask for suggestions at the cursor; with some there, for others.
function M.suggest(trigger)
  local buffer = vim.api.nvim_get_current_buf()
  if not M.attach(buffer) then
    return
  end
  if not client() then
    wanted = buffer
    return
  end
  local row, byte, position = cursor(buffer)
  local old = state[buffer]
  if old then
    cancel(old.asked)
  end
  local here = { id = '', items = {}, index = 1, row = row, byte = byte, shown = '' }
  here.size = #(vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1] or '')
  state[buffer] = here
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    position = position,
    context = { triggerKind = trigger or INVOKED },
  }
  local sent, number = request(COMPLETE, params, function(err, result)
    if err then
      if state[buffer] == here then
        here.asked = nil
      end
      return
    end
    receive(buffer, here, result)
  end, buffer)
  if sent then
    here.asked = number
  end
end

local function grown(_, params)
  for buffer, here in pairs(state) do
    local same = vim.uri_from_bufnr(buffer) == params.uri
    if same and here.asked and is_here(buffer, here) then
      here.id, here.drawn = params.id, params.index
      here.items, here.index = { { text = params.text, index = params.index } }, 1
      draw(buffer)
    end
  end
end

-- Taking

local function insert(buffer, here, text)
  local lines = vim.split(text, '\n', { plain = true })
  vim.api.nvim_buf_set_text(buffer, here.row, here.byte, here.row, here.byte, lines)
  local row = here.row + #lines - 1
  local byte = #lines == 1 and here.byte + #text or #lines[#lines]
  here.row, here.byte = row, byte
  vim.api.nvim_win_set_cursor(0, { row + 1, byte })
end

--- Take a part of the ghost: 'word', 'sentence', 'paragraph' or 'all'. False where there is none.
function M.accept(part)
  local buffer = vim.api.nvim_get_current_buf()
  local here = state[buffer]
  if not here or text_of(here) == '' or not is_here(buffer, here) then
    return false
  end
  local item = here.items[here.index]
  local whole = item.text
  local words = { command = 'cowrite.take', arguments = { here.id, item.index, part or 'all' } }
  local answer = client() and (is_method(client())
    and client():request_sync('workspace/executeCommand', words, 1000, buffer)
    or client().request_sync('workspace/executeCommand', words, 1000, buffer))
  local text = answer and answer.result and answer.result.text or ''
  if text == '' then
    forget(buffer)
    return false
  end
  here.taking = true
  insert(buffer, here, text)
  here.taking = false
  local rest = {}
  for _, other in ipairs(here.items) do
    if #other.text > #text and other.text:sub(1, #text) == text then
      rest[#rest + 1] = { text = other.text:sub(#text + 1), index = other.index }
      if other.index == item.index then
        here.index = #rest
      end
    end
  end
  here.items = rest
  here.tick = vim.api.nvim_buf_get_changedtick(buffer)
  if text == whole or #rest == 0 then
    forget(buffer)
  else
    draw(buffer)
  end
  return true
end

--- Show the next candidate (1) or the one before (-1). False where there is no other.
function M.next(step)
  local buffer = vim.api.nvim_get_current_buf()
  local here = state[buffer]
  if not here or #here.items < 2 then
    return false
  end
  here.index = (here.index - 1 + (step or 1)) % #here.items + 1
  draw(buffer)
  return true
end

--- Say no to the ghost. False where there is none.
function M.reject()
  local buffer = vim.api.nvim_get_current_buf()
  local here = state[buffer]
  if not here then
    return false
  end
  if here.id ~= '' then
    request('workspace/executeCommand', {
      command = 'cowrite.rejected',
      arguments = { here.id },
    }, function() end, buffer)
  end
  forget(buffer)
  return true
end

--- What is shown: text, number and count of the candidates; nil where nothing is.
function M.shown()
  local here = state[vim.api.nvim_get_current_buf()]
  if not here or text_of(here) == '' then
    return nil
  end
  return { text = text_of(here), index = here.index, count = #here.items }
end

-- What happens in the buffer

local function typed_through(buffer, here)
  -- What was typed is what the ghost says: it stays, without it.
  local row, byte = cursor(buffer)
  if row ~= here.row or byte <= here.byte then
    return false
  end
  local line = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1] or ''
  local typed = line:sub(here.byte + 1, byte)
  if text_of(here):sub(1, #typed) ~= typed or #line - #typed ~= here.size then
    return false
  end
  local index = here.items[here.index].index
  local rest = {}
  for _, item in ipairs(here.items) do
    if #item.text > #typed and item.text:sub(1, #typed) == typed then
      rest[#rest + 1] = { text = item.text:sub(#typed + 1), index = item.index }
      if item.index == index then
        here.index = #rest
      end
    end
  end
  here.items, here.byte = rest, byte
  return #rest > 0
end

local timer

local function automatic(buffer)
  if timer then
    timer:stop()
  else
    timer = vim.loop.new_timer()
  end
  timer:start(M.options.auto_delay_ms, 0, vim.schedule_wrap(function()
    if vim.api.nvim_get_current_buf() == buffer and vim.fn.mode():sub(1, 1) == 'i'
      and not state[buffer] then
      M.suggest(AUTOMATIC)
    end
  end))
end

local function moved(buffer)
  local here = state[buffer]
  if here and not here.taking and not is_here(buffer, here) then
    if #here.items == 0 or not typed_through(buffer, here) then
      forget(buffer)
    end
  end
  here = state[buffer]
  if here then
    local line = vim.api.nvim_buf_get_lines(buffer, here.row, here.row + 1, false)[1] or ''
    here.size = #line
    draw(buffer)
    return
  end
  local _, _, position = cursor(buffer)
  notify(MOVED, { textDocument = { uri = vim.uri_from_bufnr(buffer) }, position = position })
  if M.options.auto then
    automatic(buffer)
  end
end

-- The server

local function capabilities()
  local of = vim.lsp.protocol.make_client_capabilities()
  of.textDocument.inlineCompletion = { dynamicRegistration = false }
  return of
end

local function config()
  return {
    name = 'cowrite',
    cmd = M.options.cmd,
    root_dir = vim.fn.getcwd(),
    capabilities = capabilities(),
    init_options = { tellsShown = not M.options.native, draws = not M.options.native },
    handlers = { [GHOST] = grown },
    flags = { debounce_text_changes = 50 },
    on_init = function()
      ready = true
      vim.schedule(function()
        if wanted and wanted == vim.api.nvim_get_current_buf() then
          M.suggest()
        end
        wanted = nil
      end)
    end,
    on_exit = function()
      client_id, ready = nil, false
      vim.schedule(function()
        for buffer in pairs(state) do
          rub_out(buffer)
        end
        state = {}
      end)
    end,
  }
end

local function watch(buffer)
  local group = vim.api.nvim_create_augroup('cowrite_' .. buffer, { clear = true })
  vim.api.nvim_create_autocmd({ 'CursorMoved', 'CursorMovedI', 'TextChangedI' }, {
    group = group,
    buffer = buffer,
    callback = function()
      moved(buffer)
    end,
  })
  vim.api.nvim_create_autocmd({ 'InsertLeave', 'BufLeave', 'BufUnload' }, {
    group = group,
    buffer = buffer,
    callback = function()
      forget(buffer)
    end,
  })
end

--- Serve a buffer. False where the server can't be started.
function M.attach(buffer)
  buffer = buffer and buffer ~= 0 and buffer or vim.api.nvim_get_current_buf()
  if client_id and vim.lsp.buf_is_attached(buffer, client_id) then
    return true
  end
  if vim.fn.executable(M.options.cmd[1]) == 0 then
    vim.notify('cowrite: ' .. M.options.cmd[1] .. ' is not here.', vim.log.levels.WARN)
    return false
  end
  if vim.lsp.start then
    client_id = vim.lsp.start(config(), { bufnr = buffer })
  else
    client_id = client_id or vim.lsp.start_client(config())
    if client_id then
      vim.lsp.buf_attach_client(buffer, client_id)
    end
  end
  if not client_id then
    return false
  end
  if M.options.native and vim.lsp.inline_completion then
    vim.lsp.inline_completion.enable(true, { bufnr = buffer })
  else
    watch(buffer)
  end
  return true
end

--- Set options, and serve buffers of the filetypes.
function M.setup(options)
  M.options = vim.tbl_extend('force', M.options, options or {})
  vim.api.nvim_set_hl(0, 'CowriteGhost', { link = 'Comment', default = true })
  local group = vim.api.nvim_create_augroup('cowrite', { clear = true })
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = M.options.filetypes,
    callback = function(event)
      M.attach(event.buf)
    end,
  })
end

return M
