# Cổng Thi đua. `make` lists the commands; each one first installs what it needs (tools/bootstrap.sh).
PORT ?= 8000
ifeq ($(strip $(CHROMIUM)),)
CHROMIUM := $(firstword $(foreach name,chromium-headless-shell chromium chromium-browser google-chrome,$(shell command -v $(name) 2>&-)))
endif
export PORT CHROMIUM
PYTHON_HERE := .venv/bin/python
LOCK := .venv/bin/uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url --no-header
.PHONY: help install run test check lint types contracts django-checks test-postgresql bench format lock sbom vendor

help: ## Liệt kê các lệnh
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile
install: ## Cài mọi thư viện cần để phát triển
	@tools/bootstrap.sh dev
run: ## Chạy cổng tại máy này (PORT=8000)
	@tools/bootstrap.sh
	@$(PYTHON_HERE) manage.py run
test: install ## Chạy bộ kiểm thử (ARGS="-k tên" để chọn)
	@$(if $(CHROMIUM),:,echo "Không thấy Chromium (đặt CHROMIUM=đường-dẫn): bỏ qua các kiểm thử trên trình duyệt.")
	@$(PYTHON_HERE) -m pytest $(if $(CHROMIUM),,-m "not browser") $(ARGS)
check: lint types contracts django-checks test test-postgresql ## Mọi phép kiểm tra như CI
lint: install
	@$(PYTHON_HERE) -m ruff check . && $(PYTHON_HERE) -m ruff format --check .
types: install
	@$(PYTHON_HERE) -m mypy
contracts: install
	@$(PYTHON_HERE) .venv/bin/lint-imports --no-logo
django-checks: install
	@tools/django-checks.sh
test-postgresql: install
	@tools/with-postgresql.sh --if-found $(MAKE) --no-print-directory test
bench: ## Đo tốc độ trên dữ liệu lớn
	@tools/bootstrap.sh
	@tools/with-postgresql.sh --or-without $(PYTHON_HERE) manage.py bench $(ARGS)
format: install ## Sửa mã theo quy cách chung
	@$(PYTHON_HERE) -m ruff check --fix . ; $(PYTHON_HERE) -m ruff format .
lock: install ## Làm lại các tệp khoá phiên bản (UPGRADE=-U để nâng)
	@$(LOCK) $(UPGRADE) pyproject.toml -o requirements.lock
	@$(LOCK) $(UPGRADE) pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
	@echo "uv==$$(.venv/bin/uv --version | cut -d' ' -f2)" | $(LOCK) - -o tools/uv.requirements.lock
sbom: ## In danh mục thành phần phần mềm (CycloneDX) để kiểm tra lỗ hổng ở nơi khác
	@python3 tools/sbom.py
vendor: ## Tải lại thư viện giao diện (cần npm)
	@tools/vendor.sh
