#!/bin/sh
# Makes .venv and installs the locked libraries; does nothing when they are already there.
#   tools/bootstrap.sh         what `make run` needs
#   tools/bootstrap.sh dev     ... and what the tests and checks need
# PYTHON names another interpreter than python3.
set -eu
cd "$(dirname "$0")/.."
want=${1:-run}
lock=requirements.lock
[ "$want" = dev ] && lock=requirements-dev.lock
python=${PYTHON:-python3}

stop() { echo "$*" >&2; exit 1; }
can() { "$@" >/dev/null 2>&1; }

# The stamp names what was installed; the development set contains the other.
sum=$(cat requirements.lock requirements-dev.lock | sha256sum | cut -d' ' -f1)
stamp=$(cat .venv/.bootstrapped 2>/dev/null || true)
if can .venv/bin/python -c ''; then
    case $stamp in "$want $sum" | "dev $sum") exit 0 ;; esac
fi

can command -v "$python" || stop "Không tìm thấy $python. Chạy: sudo apt-get install python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "Cổng cần Python 3.11 trở lên, còn $python là $("$python" -V 2>&1). Cài bản mới rồi chạy lại, ví dụ: PYTHON=python3.11 make run"

# What apt-get has to say is of interest only when it fails.
apt() { said=$(DEBIAN_FRONTEND=noninteractive apt-get -y -qq "$@" 2>&1) || { echo "$said" >&2; return 1; }; }

make_venv() {
    rm -rf .venv
    if can "$python" -c 'import venv, ensurepip'; then "$python" -m venv .venv; return; fi
    if can command -v uv; then uv venv -q --python "$python" .venv; return; fi
    if can "$python" -m pip --version; then
        # A private folder: the system's own Python packages stay as they are.
        "$python" -m pip install -qq --target .venv-uv --require-hashes -r tools/uv.requirements.lock &&
            .venv-uv/bin/uv venv -q --python "$python" .venv
        return
    fi
    if [ "$(id -u)" = 0 ] && can command -v apt-get; then
        echo "Đang cài python3-venv ..."
        apt update && apt install python3-venv && "$python" -m venv .venv
        return
    fi
    stop "Python trên máy này thiếu mô-đun venv. Chạy: sudo apt-get install python3-venv"
}

echo "Đang cài thư viện vào .venv (chỉ lần đầu hoặc khi $lock thay đổi) ..."
if ! can .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    make_venv && can .venv/bin/python -c '' ||
        stop "Không tạo được môi trường .venv. Chạy: sudo apt-get install python3-venv, rồi chạy lại."
fi

# uv is many times faster than pip; pip is the way out when uv is not to be had or cannot reach the libraries.
pip() { .venv/bin/python -m pip --disable-pip-version-check -qq "$@"; }
for uv in .venv/bin/uv .venv-uv/bin/uv "$(command -v uv || true)"; do [ -x "$uv" ] && break; done
if [ ! -x "$uv" ] && can pip install --require-hashes -r tools/uv.requirements.lock; then uv=.venv/bin/uv; fi
{ [ -x "$uv" ] && "$uv" pip install -q --python .venv/bin/python --require-hashes -r "$lock"; } ||
    { can pip --version && pip install --require-hashes -r "$lock"; } ||
    stop "Không cài được thư viện. Kiểm tra kết nối mạng tới kho gói Python rồi chạy lại."
echo "$want $sum" >.venv/.bootstrapped
