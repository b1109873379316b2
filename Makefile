# Two commands matter: `make run` and `make test`. Everything else is a part of them.
PYTHON ?= python3
PORT ?= 8000
SIZE ?= normal
# every process of ours starts from kept bytecode, whatever the caller's shell says
export PYTHONDONTWRITEBYTECODE =

.PHONY: run test setup lint bench stop lock
.DEFAULT_GOAL := run

run:            ## set up, seed the demo city when the database is new, serve until Ctrl-C
	@$(PYTHON) -m xinyu.ops.run --port $(PORT) --size $(SIZE)

test:           ## set up, lint, then every test, browser included
	@$(PYTHON) -m xinyu.ops.test

setup:          ## packages, virtual environment, servers, roles, front end
	@$(PYTHON) -m xinyu.ops.setup

lint:
	@$(PYTHON) -m xinyu.ops.lint

bench:          ## one JSON object on standard output
	@$(PYTHON) -m xinyu.ops.bench

stop:           ## end the private servers
	@$(PYTHON) -m xinyu.ops.stop

lock:           ## resolve requirements.in anew; the front end by `npm install --package-lock-only`
	@$(PYTHON) -m xinyu.ops.lock
