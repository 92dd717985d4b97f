;;; cowrite.el --- Suggestions at point, by a model of your own -*- lexical-binding: t -*-

;; Package-Requires: ((emacs "28.1"))
;; Keywords: convenience, wp
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; `cowrite-mode' shows how the text could go on, as a ghost at point, and keeps cowrite's log of what you
;; do with it.  It starts `cowrite lsp' and speaks with it by Emacs' own jsonrpc.el; Eglot and lsp-mode, which
;; don't ask servers for text at point, are not needed, and may serve the same buffers.
;;
;;   (add-to-list 'load-path "~/cowrite/editors/emacs")
;;   (require 'cowrite)
;;   (add-hook 'text-mode-hook #'cowrite-mode)
;;   (define-key cowrite-mode-map (kbd "C-c SPC") #'cowrite-suggest)
;;
;; The keys of `cowrite-ghost-map' hold as long as a ghost is there.

;;; Code:

(require 'cl-lib)
(require 'jsonrpc)
(require 'url-util)

(defgroup cowrite nil "Suggestions at point, by a model of your own." :group 'text)

(defcustom cowrite-command '("cowrite" "lsp")
  "The server: a program and its arguments."
  :type '(repeat string))

(defcustom cowrite-auto nil
  "Non-nil asks by itself when you pause, as long as cowrite's settings say."
  :type 'boolean)

(defface cowrite-ghost '((t :inherit shadow)) "What is suggested, and not in the buffer.")

(defvar cowrite--server nil "The connection; nil while there is none.")
(defvar cowrite--ready nil "Non-nil when the server listens.")
(defvar cowrite--wanted nil "The buffer that asked before the server listened.")
(defvar cowrite--timer nil "Asks by itself, behind the last key.")

(defvar-local cowrite--uri nil "The buffer's name at the server; nil while it isn't open there.")
(defvar-local cowrite--version 0 "Counts the changes.")
(defvar-local cowrite--changing nil "A change that is about to be made: (BEG END START STOP).")
(defvar-local cowrite--seen nil "The tick and the point of which the server was told last.")
(defvar-local cowrite--ghost nil "What was asked for here, and what came of it.")
(defvar-local cowrite--overlay nil "The overlay of the ghost while one is drawn.")

(cl-defstruct (cowrite--ghost (:constructor cowrite--ghost-at (point tick size)))
  "A request at POINT and its ITEMS, pairs of a candidate's index and its text.
ID is the suggestion's.  NUMBER is the place of the one that is drawn.  WAITING says that more is to come.
SHOWN is what the server knows to be on the screen."
  point tick size (id "") items (number 0) (waiting t) shown)

(defvar cowrite-mode)

;;;; What is told to the server

(defun cowrite--notify (method params)
  "Tell the server METHOD with PARAMS, if it listens."
  (when (and cowrite--ready (jsonrpc-running-p cowrite--server))
    (with-demoted-errors "cowrite: %S" ; an error would end a hook for good
      (jsonrpc-notify cowrite--server method params))))

(defun cowrite--name ()
  "The buffer's URI; one without a file where that is on another machine."
  (if (and buffer-file-name (not (file-remote-p buffer-file-name)))
      (concat "file://" (url-hexify-string (expand-file-name buffer-file-name) url-path-allowed-chars))
    (concat "untitled:" (url-hexify-string (buffer-name)))))

(defun cowrite--document (&rest more)
  "Params with this buffer, and MORE."
  (append (list :textDocument (list :uri cowrite--uri)) more))

(defun cowrite--place (position)
  "The line and the column of POSITION, in characters, as was agreed."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char position)
      (let ((odd (save-excursion (search-backward "\r" nil t)))) ; ends a line too, by the protocol
        (list :line (if odd (how-many "\r\n\\|[\r\n]" (point-min) position)
                      (1- (line-number-at-pos)))
              :character (- (skip-chars-backward "^\r\n")))))))

(defun cowrite--text (beg end)
  "The text from BEG to END with the file's line ends, and all of it Unicode."
  (string-replace
   "\n" (pcase (coding-system-eol-type (or buffer-file-coding-system 'undecided)) (1 "\r\n") (2 "\r") (_ "\n"))
   (replace-regexp-in-string (rx (not (any (0 . #xd7ff) (#xe000 . #x10ffff)))) "\ufffd"
                             (buffer-substring-no-properties beg end))))

(defun cowrite--whole ()
  "All of the buffer."
  (save-restriction (widen) (cowrite--text (point-min) (point-max))))

(defun cowrite--before-change (beg end)
  "Keep where the text from BEG to END is, while it is there."
  (when cowrite--uri
    (setq cowrite--changing (list beg end (cowrite--place beg) (cowrite--place end)))))

(defun cowrite--after-change (beg end length)
  "Tell the server what is from BEG to END now, in the place of LENGTH characters."
  (when cowrite--uri
    (pcase-let ((`(,first ,last ,start ,stop) cowrite--changing))
      (setq cowrite--changing nil)
      (cowrite--notify
       :textDocument/didChange
       (list :textDocument (list :uri cowrite--uri :version (cl-incf cowrite--version))
             :contentChanges
             (vector (if (and first (= first beg) (= (- last first) length))
                         (list :range (list :start start :end stop) :text (cowrite--text beg end))
                       (list :text (cowrite--whole)))))))))

(defun cowrite--open ()
  "Open this buffer at the server."
  (setq cowrite--uri (cowrite--name) cowrite--changing nil cowrite--seen nil)
  (let ((language (string-remove-suffix "-mode" (symbol-name major-mode))))
    (cowrite--notify :textDocument/didOpen
                     `(:textDocument (:uri ,cowrite--uri :languageId ,language
                                      :version ,cowrite--version :text ,(cowrite--whole))))))

(defun cowrite--close ()
  "Close this buffer at the server."
  (cowrite--drop)
  (when cowrite--uri
    (cowrite--notify :textDocument/didClose (cowrite--document))
    (setq cowrite--uri nil)))

(defun cowrite--saved ()
  "Tell the server that the file is written, perhaps another one than before."
  (when cowrite--uri
    (unless (equal cowrite--uri (cowrite--name))
      (cowrite--close)
      (cowrite--open))
    (cowrite--notify :textDocument/didSave (cowrite--document))))

;;;; The server

(defun cowrite--connect ()
  "Start the server, if none runs."
  (unless (and cowrite--server (jsonrpc-running-p cowrite--server))
    (let ((server (apply #'make-instance 'jsonrpc-process-connection
                         :name "cowrite"
                         :process (lambda ()
                                    (make-process :name "cowrite" :command cowrite-command
                                                  :connection-type 'pipe :coding 'utf-8-emacs-unix :noquery t
                                                  :stderr (get-buffer-create "*cowrite stderr*")))
                         :notification-dispatcher #'cowrite--heard
                         :on-shutdown #'cowrite--gone
                         ;; No log of messages: they hold the draft.
                         (if (boundp 'jsonrpc-event-hook) '(:events-buffer-config (:size 0 :format full))
                           '(:events-buffer-scrollback-size 0)))))
      (setq cowrite--server server cowrite--ready nil)
      (jsonrpc-async-request
       server :initialize
       `(:processId ,(emacs-pid) :rootUri nil
         :capabilities (:general (:positionEncodings ["utf-32"])
                        :textDocument (:inlineCompletion (:dynamicRegistration :json-false)))
         :initializationOptions (:tellsShown t :draws t))
       :timeout nil
       :success-fn (lambda (_) (cowrite--begin server))
       :error-fn #'ignore))))

(defun cowrite--begin (server)
  "SERVER listens: open what waits for it."
  (jsonrpc-notify server :initialized (make-hash-table))
  (setq cowrite--ready t)
  (cowrite--everywhere #'cowrite--open)
  (when (and (buffer-live-p cowrite--wanted) (eq cowrite--wanted (window-buffer)))
    (with-current-buffer cowrite--wanted (cowrite--ask 1)))
  (setq cowrite--wanted nil))

(defun cowrite--gone (server)
  "SERVER has ended."
  (when (eq server cowrite--server)
    (setq cowrite--server nil cowrite--ready nil)
    (cowrite--everywhere (lambda () (cowrite--drop) (setq cowrite--uri nil)))))

(defun cowrite--everywhere (act)
  "Call ACT in each buffer of `cowrite-mode'."
  (dolist (buffer (buffer-list))
    (when (buffer-local-value 'cowrite-mode buffer)
      (with-current-buffer buffer (funcall act)))))

(defun cowrite--end ()
  "End the server in good order, as Emacs ends."
  (when (and cowrite--ready (jsonrpc-running-p cowrite--server))
    (ignore-errors (jsonrpc-request cowrite--server :shutdown nil :timeout 5))
    (cowrite--notify :exit nil)))

(defun cowrite--heard (_server method params)
  "The server says METHOD with PARAMS."
  (pcase method
    ('window/showMessage (message "cowrite: %s" (plist-get params :message)))
    ('cowrite/ghost
     (cowrite--everywhere
      (lambda ()
        (when (and cowrite--ghost (cowrite--ghost-waiting cowrite--ghost)
                   (equal cowrite--uri (plist-get params :uri)))
          (cowrite--take-in (plist-get params :id)
                            (list (cons (plist-get params :index) (plist-get params :text))))))))))

;;;; The ghost

(defun cowrite--ask (trigger)
  "Ask for suggestions at point.  TRIGGER: 1 if the writer asks, 2 if nobody does."
  (cowrite--drop)
  (let ((ghost (cowrite--ghost-at (point) (buffer-chars-modified-tick) (buffer-size)))
        (buffer (current-buffer)))
    (setq cowrite--ghost ghost)
    (jsonrpc-async-request
     cowrite--server :textDocument/inlineCompletion
     (cowrite--document :position (cowrite--place (point)) :context (list :triggerKind trigger))
     :timeout nil
     :success-fn (lambda (result) (cowrite--answered buffer ghost (plist-get result :items)))
     :error-fn (lambda (_) (cowrite--answered buffer ghost [])))))

(defun cowrite--answered (buffer ghost items)
  "ITEMS are all that comes for GHOST in BUFFER."
  (when (and (buffer-live-p buffer) (eq ghost (buffer-local-value 'cowrite--ghost buffer)))
    (with-current-buffer buffer
      (setf (cowrite--ghost-waiting ghost) nil)
      (let (id pairs)
        (mapc (lambda (item)
                (let ((words (plist-get (plist-get item :command) :arguments)))
                  (setq id (aref words 0))
                  (push (cons (aref words 1) (plist-get item :insertText)) pairs)))
              items)
        (cowrite--take-in id (nreverse pairs))))))

(defun cowrite--take-in (id items)
  "Show ITEMS of the suggestion ID, beginning with what is drawn already."
  (let ((ghost cowrite--ghost))
    (if (not (and items (cowrite--is-here) (eq (current-buffer) (window-buffer))))
        (cowrite--drop)
      (setf (cowrite--ghost-number ghost)
            (or (cl-position (car (cowrite--drawn)) items :key #'car) 0)
            (cowrite--ghost-id ghost) id
            (cowrite--ghost-items ghost) items)
      (cowrite--draw))))

(defun cowrite--is-here ()
  "Whether point and text are those that the ghost was asked for."
  (and (= (point) (cowrite--ghost-point cowrite--ghost))
       (= (buffer-chars-modified-tick) (cowrite--ghost-tick cowrite--ghost))))

(defun cowrite--drawn ()
  "The candidate that is drawn: (INDEX . TEXT), nil where there is none."
  (and cowrite--ghost (nth (cowrite--ghost-number cowrite--ghost) (cowrite--ghost-items cowrite--ghost))))

(defun cowrite--draw ()
  "Draw the ghost, and tell the server which one is on the screen."
  (let* ((ghost cowrite--ghost)
         (text (propertize (cdr (cowrite--drawn)) 'face 'cowrite-ghost))
         (others (length (cowrite--ghost-items ghost)))
         (shown (list (cowrite--ghost-id ghost) (car (cowrite--drawn)))))
    (put-text-property 0 1 'cursor t text) ; so that the cursor stands before it
    (unless cowrite--overlay
      (setq cowrite--overlay (make-overlay (point) (point))))
    (move-overlay cowrite--overlay (point) (point))
    (overlay-put cowrite--overlay 'after-string
                 (if (< others 2) text
                   (concat text (propertize (format " (%d/%d)" (1+ (cowrite--ghost-number ghost)) others)
                                            'face 'cowrite-ghost))))
    (unless (equal shown (cowrite--ghost-shown ghost))
      (setf (cowrite--ghost-shown ghost) shown)
      (cowrite--notify :textDocument/didShowCompletion
                       `(:item (:command (:arguments ,(vconcat shown))))))))

(defun cowrite--drop ()
  "Leave the ghost."
  (when cowrite--overlay
    (delete-overlay cowrite--overlay))
  (setq cowrite--overlay nil cowrite--ghost nil))

(defun cowrite--go-on (text)
  "TEXT of the ghost is in the buffer now: draw what is left of it, if any is."
  (let* ((ghost cowrite--ghost)
         (drawn (car (cowrite--drawn)))
         (left (cl-loop for (index . whole) in (cowrite--ghost-items ghost)
                        when (and (string-prefix-p text whole) (not (equal text whole)))
                        collect (cons index (substring whole (length text))))))
    (setf (cowrite--ghost-point ghost) (point)
          (cowrite--ghost-tick ghost) (buffer-chars-modified-tick)
          (cowrite--ghost-size ghost) (buffer-size)
          (cowrite--ghost-items ghost) left
          (cowrite--ghost-number ghost) (or (cl-position drawn left :key #'car) 0))
    (if left (cowrite--draw) (cowrite--drop))))

(defun cowrite--was-typed ()
  "What was typed, if that is all that has changed and the drawn ghost says it."
  (let ((from (cowrite--ghost-point cowrite--ghost)))
    (and (cowrite--drawn) (< from (point))
         (= (- (point) from) (- (buffer-size) (cowrite--ghost-size cowrite--ghost)))
         (let ((typed (buffer-substring-no-properties from (point))))
           (and (string-prefix-p typed (cdr (cowrite--drawn))) typed)))))

(defun cowrite--follow ()
  "Keep the ghost as long as it fits, and tell the server where point is."
  (when cowrite--uri
    (when (and cowrite--ghost (not (cowrite--is-here)))
      (let ((typed (cowrite--was-typed)))
        (if typed (cowrite--go-on typed) (cowrite--drop))))
    (let ((seen (cons (buffer-chars-modified-tick) (point))))
      (unless (or cowrite--ghost (equal seen cowrite--seen))
        (cowrite--notify :cowrite/didMove (cowrite--document :position (cowrite--place (point))))
        (when (and cowrite-auto cowrite--seen (/= (car seen) (car cowrite--seen)))
          (when cowrite--timer (cancel-timer cowrite--timer))
          (setq cowrite--timer (run-with-idle-timer 0.05 nil #'cowrite--ask-unasked (current-buffer)))))
      (setq cowrite--seen seen))))

(defun cowrite--ask-unasked (buffer)
  "Ask in BUFFER, since the writer may pause."
  (when (eq buffer (window-buffer))
    (with-current-buffer buffer
      (when (and cowrite--ready cowrite--uri (not cowrite--ghost))
        (cowrite--ask 2)))))

;;;; Commands

(defun cowrite-suggest ()
  "Ask how the text could go on at point; with a ghost there, for others."
  (interactive)
  (unless cowrite-mode (cowrite-mode))
  (cowrite--connect)
  (if (and cowrite--ready cowrite--uri)
      (cowrite--ask 1)
    (setq cowrite--wanted (current-buffer))
    (message "cowrite starts")))

(defun cowrite-accept (&optional part)
  "Take the ghost, or a PART of it: \"word\", \"sentence\" or \"paragraph\"."
  (interactive)
  (unless (and (cowrite--drawn) (cowrite--is-here))
    (user-error "There is no ghost here"))
  (let* ((ghost cowrite--ghost)
         (said (ignore-errors
                 (jsonrpc-request cowrite--server :workspace/executeCommand
                                  `(:command "cowrite.take"
                                    :arguments [,(cowrite--ghost-id ghost) ,(car (cowrite--drawn)) ,(or part "all")])
                                  :timeout 2)))
         (text (or (plist-get said :text) "")))
    (if (or (string-empty-p text) (not (eq ghost cowrite--ghost)) (not (cowrite--is-here)))
        (cowrite--drop)
      (undo-boundary)
      (let ((whole (equal text (cdr (cowrite--drawn)))))
        (insert text)
        (if whole (cowrite--drop) (cowrite--go-on text))))))

(defun cowrite-accept-word ()
  "Take the next word of the ghost."
  (interactive)
  (cowrite-accept "word"))

(defun cowrite-accept-sentence ()
  "Take the ghost to the end of its sentence."
  (interactive)
  (cowrite-accept "sentence"))

(defun cowrite-next (&optional step)
  "Show the candidate that is STEP further, the next one by default."
  (interactive "p")
  (when (cowrite--drawn)
    (setf (cowrite--ghost-number cowrite--ghost)
          (mod (+ (cowrite--ghost-number cowrite--ghost) (or step 1))
               (length (cowrite--ghost-items cowrite--ghost))))
    (cowrite--draw)))

(defun cowrite-previous ()
  "Show the candidate before."
  (interactive)
  (cowrite-next -1))

(defun cowrite-reject ()
  "Say no to the ghost."
  (interactive)
  (when (cowrite--drawn)
    (jsonrpc-async-request cowrite--server :workspace/executeCommand
                           `(:command "cowrite.rejected" :arguments [,(cowrite--ghost-id cowrite--ghost)])
                           :success-fn #'ignore :error-fn #'ignore))
  (cowrite--drop))

;;;; Keys and the mode

(defvar cowrite-ghost-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "TAB") #'cowrite-accept)
    (define-key map [tab] #'cowrite-accept)
    (define-key map (kbd "M-f") #'cowrite-accept-word)
    (define-key map [C-right] #'cowrite-accept-word)
    (define-key map (kbd "M-e") #'cowrite-accept-sentence)
    (define-key map (kbd "M-n") #'cowrite-next)
    (define-key map (kbd "M-p") #'cowrite-previous)
    (define-key map (kbd "C-g") #'cowrite-reject)
    map)
  "Keys as long as there is a ghost.")

(defvar cowrite-mode-map (make-sparse-keymap) "Keys of `cowrite-mode'; none by itself.")

(add-to-list 'emulation-mode-map-alists `((cowrite--overlay . ,cowrite-ghost-map)))
(add-hook 'kill-emacs-hook #'cowrite--end)

(defvar cowrite--hooks
  '((before-change-functions . cowrite--before-change)
    (after-change-functions . cowrite--after-change)
    (post-command-hook . cowrite--follow)
    (after-save-hook . cowrite--saved)
    (kill-buffer-hook . cowrite--close)
    (change-major-mode-hook . cowrite--close))
  "What is watched in a buffer.")

;;;###autoload
(define-minor-mode cowrite-mode
  "Show suggestions of cowrite at point, when `cowrite-suggest' asks for them.
The keys while there is one:
\\{cowrite-ghost-map}"
  :lighter " cowrite"
  (if (not cowrite-mode)
      (pcase-dolist (`(,hook . ,watch) cowrite--hooks) (remove-hook hook watch t))
    (if (executable-find (car cowrite-command))
        (pcase-dolist (`(,hook . ,watch) cowrite--hooks) (add-hook hook watch nil t))
      (setq cowrite-mode nil)
      (message "cowrite: there is no %s" (car cowrite-command))))
  (if (not cowrite-mode)
      (cowrite--close)
    (cowrite--connect)
    (when (and cowrite--ready (not cowrite--uri)) (cowrite--open))))

(provide 'cowrite)
;;; cowrite.el ends here
