"""How Sphinx builds the book. What is special to this book stands in ``_ext``."""

import os
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS.parent), str(DOCS / "_ext")]
# One thread, so that sums are added in one order and figures come out the same everywhere.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import textbook  # noqa: E402 (the path to it is set above)

# -- The book

project = "textbook"
author = "The textbook authors"
project_copyright = "The textbook authors. Text and figures CC BY 4.0, code MIT"
release = version = textbook.__version__
language = "en"

# The gallery's scripts in reading order: chapter by chapter, as the chapters show them.
gallery_order: list[str] = [
    "plot_activations_collapse",
    "plot_activations_slopes",
    "plot_activations_relu_boundary",
    "plot_activations_sine",
    "plot_logistic_regression_boundaries",
    "plot_logistic_regression_losses",
    "plot_logistic_regression_descent",
    "plot_logistic_regression_separable",
    "plot_softmax_regression_regions",
    "plot_softmax_regression_distances",
    "plot_softmax_regression_confusion",
    "plot_softmax_regression_weights",
    "plot_distributed_representation_lift",
    "plot_distributed_representation_hidden",
    "plot_distributed_representation_units",
    "plot_distributed_representation_digits",
    "plot_distributed_representation_codes",
    "plot_backprop_network",
    "plot_backprop_descent",
    "plot_backprop_numerical",
    "plot_data_splits_error",
    "plot_data_splits_sheets",
    "plot_data_splits_time",
    "plot_data_splits_best",
    "plot_initialization_funnel",
    "plot_initialization_depth",
    "plot_initialization_training",
    "plot_initialization_twins",
    "plot_bias_variance_recipe",
    "plot_bias_variance_curves",
    "plot_bias_variance_terms",
    "plot_bias_variance_wide",
    "plot_bias_variance_output",
    "plot_regularization_images",
    "plot_regularization_mirror",
    "plot_regularization_early_stopping",
    "plot_regularization_dropout",
    "plot_regularization_ways",
    "plot_gradient_checking_bugs",
    "plot_gradient_checking_step",
    "plot_optima_saddle",
    "plot_optima_plateau",
    "plot_optima_share",
    "plot_optima_escape",
    "plot_gradient_descent_paths",
    "plot_gradient_descent_variance",
    "plot_gradient_descent_time",
    "plot_exponential_average_weights",
    "plot_exponential_average_year",
    "plot_exponential_average_noise",
    "plot_exponential_average_start",
    "plot_optimizers_beta",
    "plot_optimizers_start",
    "plot_optimizers_ravine",
    "plot_optimizers_saddle",
    "plot_optimizers_rosenbrock",
    "plot_optimizers_digits",
    "plot_learning_rate_decay_settling",
    "plot_learning_rate_decay_patterns",
    "plot_learning_rate_decay_recursion",
    "plot_learning_rate_decay_last_epoch",
    "plot_perceptron_steps",
    "plot_perceptron_costs",
    "plot_perceptron_squeeze",
    "plot_perceptron_bound",
    "plot_perceptron_overlap",
    "plot_input_normalization_contours",
    "plot_input_normalization_steps",
    "plot_input_normalization_companions",
    "plot_vanishing_gradients_products",
    "plot_vanishing_gradients_depth",
    "plot_vanishing_gradients_clipping",
    "plot_vanishing_gradients_training",
    "plot_convolution_sparse",
    "plot_convolution_sliding",
    "plot_convolution_filters",
    "plot_convolution_padding",
    "plot_convolution_learned",
    "plot_pooling_windows",
    "plot_pooling_slopes",
    "plot_pooling_shift",
    "plot_pooling_photograph",
    "plot_receptive_field_border",
    "plot_receptive_field_networks",
    "plot_receptive_field_effective",
    "plot_receptive_field_depth",
    "plot_normalization_lrn_curve",
    "plot_normalization_lrn_neighbors",
    "plot_normalization_rates",
    "plot_normalization_shift",
    "plot_network_where",
    "plot_network_trace",
    "plot_network_bug",
    "plot_training_lenet",
    "plot_training_checks",
    "plot_training_rates",
    "plot_lenet_maps",
    "plot_lenet_table",
    "plot_lenet_forms",
    "plot_alexnet_edge",
    "plot_alexnet_cards",
    "plot_alexnet_where",
    "plot_vgg_boxes",
    "plot_vgg_where",
    "plot_vgg_memory",
    "plot_googlenet_module",
    "plot_googlenet_network",
    "plot_googlenet_windows",
    "plot_resnet_slopes",
    "plot_resnet_degradation",
    "plot_resnet_blocks",
    "plot_densenet_channels",
    "plot_densenet_copies",
    "plot_transfer_learning_digits",
    "plot_transfer_learning_counts",
    "plot_transfer_learning_layers",
    "plot_applications_pitch",
    "plot_applications_noise",
    "plot_applications_shuffle",
    "plot_applications_coins",
    "plot_applications_denoise",
]

# -- Sphinx

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    "sphinxcontrib.bibtex",
    # Ours
    "accessible",
    "body",
    "errata",
    "figures",
    "function_index",
    "gallery_pages",
    "mathml",
    "notes_map",
    "reference",
    "search_index",
]
exclude_patterns = ["gallery/**/*.md", "gallery/**/*.ipynb"]
templates_path = ["_templates"]
nitpicky = True
nitpick_ignore_regex = [
    # Types of NumPy and Python in signatures are read, not followed.
    ("py:.*", r"(numpy|np|collections|typing)\..*"),
]
numfig = True
numfig_format = {"figure": "Figure %s"}
math_numfig = False  # Equations are numbered anew on each page
pygments_style = "github-light-high-contrast"
pygments_dark_style = "github-dark"

# -- Text: MyST, with mathematics

myst_enable_extensions = [
    "amsmath",
    "attrs_block",
    "attrs_inline",
    "colon_fence",
    "deflist",
    "dollarmath",
]
myst_heading_anchors = 3
myst_dmath_double_inline = True

# -- Reference entries

autodoc_typehints = "none"
autodoc_member_order = "alphabetical"
# What every layer has to do is told once, at `Layer`.
autodoc_inherit_docstrings = False
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
numpydoc_xref_param_type = False
add_module_names = False
python_use_unqualified_type_names = True

# -- Bibliography

bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "alpha"
bibtex_reference_style = "author_year"

# -- Gallery

# The book may lie in a folder whose name has a space; its own names have none.
suppress_warnings = ["sphinx_gallery.space_in_filename"]
sphinx_gallery_conf = {
    "examples_dirs": ["../gallery/part-1", "../gallery/part-2"],
    "gallery_dirs": ["gallery/part-1", "gallery/part-2"],
    "within_subsection_order": "gallery_pages.ReadingOrder",
    "image_scrapers": ("figures.scrape",),
    "abort_on_example_error": True,
    "plot_gallery": True,
    "capture_repr": (),
    "css": (),
    # What differs from one build to the next: times, memory, dated archives
    "min_reported_time": 1e9,
    "write_computation_times": False,
    "show_memory": False,
    "show_signature": False,
    "download_all_examples": False,
    "notebook_extensions": set(),
}

# -- Code blocks

copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True
copybutton_exclude = ".linenos, .gp, .go"

# -- HTML

html_theme = "furo"
html_title = "textbook"
html_static_path = ["_static"]
html_favicon = "_static/favicon.svg"
html_css_files = ["book.css"]
html_js_files = [("motion.js", {"defer": "defer"})]
html_math_renderer = "mathml"
html_copy_source = False
html_domain_indices = False  # the index of functions follows the reading order
html_show_sourcelink = False
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": {"color-code-background": "#f6f7f8"},
    "dark_css_variables": {"color-code-background": "#1d1f22"},
}
html_last_updated_fmt = None
