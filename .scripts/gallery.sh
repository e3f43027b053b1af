#!/usr/bin/env bash
# Makes the pictures of the pages anew: .scripts/gallery.sh [NAME...]. It trains what docs/gallery.md, the other pages and the
# lectures show, into a temporary folder, and copies the pictures to docs: about twenty minutes on two cores. With names,
# only these runs, such as .scripts/gallery.sh gan-ring simsiam. A plot is copied as SVG, a sheet of samples as PNG.
set -euo pipefail
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$MINIM_HOME"
wanted=("$@")
done=0

# wants NAME: whether the run of this name is wanted; its files go to a folder of their own.
wants() {
  if [ ${#wanted[@]} -gt 0 ] && [[ " ${wanted[*]} " != *" $1 "* ]]; then return 1; fi
  say "$1..."
  name=$1 runs=$work/$1
  pictures=$runs/latest/samples
  done=$((done + 1))
  mkdir -p "$runs"
}

# quietly COMMAND ARGUMENT...: what the program says is shown only if it fails.
quietly() {
  "$@" >"$runs/log" 2>&1 || { cat "$runs/log" >&2 && stop 1 "gallery: ${*#"$MINIM_HOME/"} ended with an error."; }
}

# train [key=value...]: the config of the run's name.
train() { quietly "$MINIM_HOME/train" --config "$name.json" "$@" --runs "$runs" --quiet; }

sweep() { quietly "$MINIM_HOME/train" sweep "$@" --runs "$runs" --quiet; }
masks() { quietly "$MINIM_HOME/minim" masks "$@" --output "$runs/masks.png"; }
gap() { quietly "$MINIM_HOME/minim" gap latest "$@" --runs "$runs"; }
complete() { quietly "$MINIM_HOME/minim" sample latest "$@" --output "$pictures/completed.png" --runs "$runs"; }

# put PICTURE TARGET: a picture of the run to a place in docs.
put() { install -D -m 644 "$pictures/$1" "docs/$2"; }

# show PICTURE...: pictures of the run to the gallery.
show() {
  local picture
  for picture; do put "$picture" "gallery/$name-$picture"; done
}

# samples: the name of the picture of the last samples.
samples() { basename "$(find "$pictures" -name 'step-*.png' | sort | tail -n 1)"; }

# panel PICTURE NUMBER TARGET: one panel of a figure as a figure. The figure says where its panels are: x, y, width, height.
# Each panel begins with its grid.
panel() {
  awk -v number="$2" '
    NR == 1 {
      match($0, /data-panels="[^"]*"/)
      split(substr($0, RSTART + 13, RLENGTH - 14), boxes, ", ")
      split(boxes[number], box, " ")
      sub(/viewBox=.*data-panels="[^"]*"/,
        "viewBox=\"" boxes[number] "\" width=\"" box[3] "\" height=\"" box[4] "\"")
    }
    NR == 4 { sub(/<rect /, "<rect x=\"" box[1] "\" y=\"" box[2] "\" ") }
    /class="grid"/ { count++ }
    NR <= 4 || count == number || /^<\/svg>/' "$pictures/$1" >"$runs/panel.svg"
  install -D -m 644 "$runs/panel.svg" "docs/$3"
}

pixelcnn() {
  if wants masks; then
    masks
    install -m 644 "$runs/masks.png" docs/masks.png
    masks A3,B3 A3,B3,B3,B3,B3 A7,B3,B3 --pixel 33
    install -m 644 "$runs/masks.png" docs/lectures/mask-depth.png
    masks A3,B3 --all-pixels
    install -D -m 644 "$runs/masks.png" docs/gallery/masks-all-pixels.png
  fi
  if wants pixelcnn; then
    train
    put "$(samples)" pixelcnn-samples.png
    put receptive-field.png lectures/pixel-field.png
  fi
  if wants pixelcnn-ising; then
    train
    put "$(samples)" gallery/pixelcnn-ising-samples.png
    show correlations.svg
  fi
  if wants pixelcnn-digits8; then
    train
    put best.png digits-samples.png
    put curves.png digits-curves.png
    show receptive-field.svg
  fi
  if wants pixelcnn-gray; then
    train
    put best.png gallery/pixelcnn-gray-samples.png
  fi
  if wants pixelcnn-folder; then
    train
    put best.png gallery/pixelcnn-folder-samples.png
    complete --given data/shapes/cross/diagonal-7x7-at-0-1.png --rows 2 --class cross --count 32
    show completed.png
  fi
}

vae() {
  if wants vae-digits; then
    train
    put manifold.png vae-manifold.png
    put posteriors.svg lectures/vae-posteriors.svg
    put best.png gallery/vae-digits-samples.png
    show reconstructions.png curves.svg
    gap
    put gap-test.png lectures/vae-gaps.png
  fi
  if wants vae; then
    train intervals.keepEvery=1000
    show posteriors.svg
    gap --rows 200 --along --widths 2,4,8,16,32,64
    show gap-along.png gap-widths.png
  fi
  if wants vae-linear; then train && show posteriors.svg; fi
  if wants vae-restricted-encoder; then train && show posteriors.svg; fi
  if wants vae-fixed-q; then
    train
    put ecll.png fixed-q.png
    put "$(samples)" gallery/vae-fixed-q-samples.png
  fi
}

flows() {
  if wants realnvp; then train && show densities.svg grid.svg layers.svg; fi
  if wants realnvp-reverse; then train && show densities.svg; fi
  if wants realnvp-forward-reverse; then
    train
    put densities.png forward-reverse.png
    put densities.svg lectures/two-divergences.svg
  fi
  if wants realnvp-penguins; then
    train
    put best.png gallery/realnvp-penguins-samples.png
    show curves.svg
  fi
  if wants realnvp-digits; then
    train
    put best.png gallery/realnvp-digits-samples.png
  fi
}

fields() {
  if wants flow-matching; then
    train
    put fit.png flow-fit.png
    put fit.png lectures/flow-loss.png
    put densities.png lectures/flow-densities.png
    show fields.svg trajectories.svg solvers.svg curves.svg
  fi
  if wants flow-matching-transport; then train && show trajectories.svg; fi
  if wants flow-matching-finite; then train && show memorizing.svg densities.svg; fi
  if wants flow-matching-checkerboard; then train && show densities.svg; fi
  if wants flow-matching-digits; then
    train
    put best.png gallery/flow-matching-digits-samples.png
  fi
  if wants diffusion-mixture; then train && show fit.svg trajectories.svg layers.svg; fi
  if wants diffusion-guidance; then train && show guidance.svg; fi
}

games() {
  if wants gan; then train && show game.svg; fi
  if wants gan-dynamics; then
    train
    show game.svg
    put phase.png game-phase.png
    put phase.svg lectures/game-rates.svg
    panel phase.svg 3 game-factors.svg
  fi
  if wants gan-dirac; then train && show game.svg; fi
  if wants gan-ring; then
    train
    put "$(samples)" gan-ring.png
    show field.svg
  fi
  if wants gan-digits5; then
    train
    put "$(samples)" gallery/gan-digits5-samples.png
  fi
}

collapse() {
  if wants simsiam; then
    train
    put "$(samples)" gallery/simsiam-neighbors.png
    show embedding.svg diagnostics.svg
  fi
  if wants simsiam-no-stopgrad; then train && show embedding.svg diagnostics.svg; fi
  if wants simsiam-variants; then
    train
    put variants.png simsiam-variants.png
    put variants.svg lectures/siamese-variants.svg
    panel variants.svg 6 simsiam-spectra.svg
  fi
  if wants simsiam-linear; then
    train model.phaseDiagram=false
    put collapse.svg lectures/linear-collapse.svg
    put "$(samples)" gallery/simsiam-linear-samples.png
    train
    put collapse.png simsiam-linear.png
  fi
}

sweeps() {
  if wants sweep; then
    sweep --config pixelcnn-two-layer.json training.steps=300 model.channels=4,8,16,32 seed=0..4
    install -D -m 644 "$runs/latest/sweep.png" docs/gallery/sweep.png
    sweep --config pixelcnn-two-layer.json training.steps=200 model.channels=4,8,16,32 \
      optimizer.learningRate=0.0003,0.001,0.003,0.01
    install -D -m 644 "$runs/latest/sweep.png" docs/gallery/sweep-map.png
  fi
}

pixelcnn
vae
flows
fields
games
collapse
sweeps
[ "$done" -gt 0 ] || stop 64 "gallery: there is no run of this name. The names are in .scripts/gallery.sh."
say "The pictures are in docs; docs/gallery has $(du -sk docs/gallery | cut -f1) KB."
